/**
 * The server's own figures, kept in memory and told as Prometheus text. The only package that knows
 * Micrometer. The engine speaks to it through {@link io.carillon.execution.EngineMetrics}, the API
 * directly. Every label comes from a closed set: no job, host or address ever becomes one, so the
 * number of time series is bounded.
 */
@NullMarked
package io.carillon.metrics;

import org.jspecify.annotations.NullMarked;
