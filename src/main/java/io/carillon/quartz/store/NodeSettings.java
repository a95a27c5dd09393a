package io.carillon.quartz.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this node takes part.
 *
 * @param nodeId host and random; new with every process
 * @param lease how long a sign of life is good for
 * @param inFlight most executions fired and not yet completed
 * @param pace how soon what has no owner is put right
 * @param address where this node's API listens, for people
 */
public record NodeSettings(
    String nodeId,
    Duration lease,
    int inFlight,
    Pace pace,
    @Nullable String address,
    String version) {}
