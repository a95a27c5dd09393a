package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting with an end. Stateless. */
final class Pause {
  private static final InstantSource CLOCK = InstantSource.system();

  private Pause() {}

  static Instant now() {
    return CLOCK.instant();
  }

  static void of(Duration length) {
    try {
      // Nobody counts it down: a wait that an interruption ends.
      boolean never = new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS);
      assert !never;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchFault("Interrupted", stop);
    }
  }

  static void until(Instant instant) {
    Duration left = Duration.between(now(), instant);
    if (left.toMillis() > 0) {
      of(left);
    }
  }

  /** Looks again and again until it is true. @return false if it was not within the limit */
  static boolean until(BooleanSupplier done, Duration every, Duration limit) {
    Instant end = now().plus(limit);
    while (now().isBefore(end)) {
      if (done.getAsBoolean()) {
        return true;
      }
      of(every);
    }
    return done.getAsBoolean();
  }
}
