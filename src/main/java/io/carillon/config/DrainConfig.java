package io.carillon.config;

import java.time.Duration;

/**
 * How the server stops.
 *
 * @param delay between "not ready" and the listener's close: the load balancer's time
 * @param timeout for calls that still run, before they are handed to another node
 */
public record DrainConfig(Duration delay, Duration timeout) {}
