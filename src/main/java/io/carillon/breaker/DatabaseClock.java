package io.carillon.breaker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The database's clock, as this node knows it: what all nodes go by together. In whole
 * milliseconds. Thread-safe; free.
 */
final class DatabaseClock implements InstantSource {
  private final InstantSource own;

  /** Node clock minus database clock. */
  private volatile Supplier<Duration> offset = () -> Duration.ZERO;

  DatabaseClock(InstantSource own) {
    this.own = own;
  }

  void offset(Supplier<Duration> nodeMinusDatabase) {
    offset = nodeMinusDatabase;
  }

  @Override
  public Instant instant() {
    return ofNode(own.instant());
  }

  /** An instant of this node's clock by the database's. */
  Instant ofNode(Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli() - offset.get().toMillis());
  }

  /** An instant of the database's clock by this node's. */
  Instant toNode(Instant instant) {
    return instant.plusMillis(offset.get().toMillis());
  }
}
