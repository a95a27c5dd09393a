package io.carillon.harness;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How bytes pass a proxy.
 *
 * @param delay the middle of the time each burst is held
 * @param jitter by how much it is shorter or longer, at most
 * @param rate bytes per second; 0: as many as come
 * @param silent whether nothing passes at all
 */
record Passage(Duration delay, Duration jitter, int rate, boolean silent) {
  static final Passage OPEN = new Passage(Duration.ZERO, Duration.ZERO, 0, false);

  /** How long so many bytes are held; the delay is that of a burst's first ones. */
  long nanosFor(int bytes, boolean begins) {
    long nanos = rate > 0 ? bytes * 1_000_000_000L / rate : 0;
    long spread = jitter.toNanos();
    long away = spread > 0 ? ThreadLocalRandom.current().nextLong(-spread, spread + 1) : 0;
    return begins ? nanos + Math.max(0, delay.toNanos() + away) : nanos;
  }
}
