package io.carillon.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * This node among its peers.
 *
 * @param name the readable part of its instance id; null takes the host's name
 * @param inflight calls that run here at the same time, at most
 * @param perHost of these towards one host, at most; 0 is half of them, or of the threads where
 *     those are fewer
 * @param lease how long its peers wait for its check-in, by the database's clock, before they take
 *     over its jobs
 * @param threads worker threads where the JVM has no virtual threads
 */
public record NodeConfig(
    @Nullable String name, int inflight, int perHost, Duration lease, int threads) {}
