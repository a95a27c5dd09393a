package io.carillon.config;

import java.time.Duration;

/**
 * How long finished executions are kept.
 *
 * @param retention whole days count: history is dropped by the day
 * @param deadLetters how long dead letters are kept after they died
 */
public record HistoryConfig(Duration retention, Duration deadLetters) {}
