package io.carillon.job;

import java.time.Duration;

/**
 * What becomes of instants that come late. An instant is late when it is older than {@code after}.
 *
 * @param policy what is done with late instants
 * @param after age from which an instant counts as late
 * @param window late instants older than this are not run
 * @param max most late instants that {@link Policy#FIRE_ALL} runs
 */
public record CatchUp(Policy policy, Duration after, Duration window, int max) {
  /** The policies of the contract. */
  public enum Policy {
    SKIP,
    FIRE_ONCE,
    FIRE_ALL
  }

  public static final CatchUp DEFAULT =
      new CatchUp(Policy.FIRE_ONCE, Duration.ofSeconds(60), Duration.ofHours(1), 100);

  public CatchUp {
    if (after.isNegative() || window.isNegative() || max < 1) {
      throw new IllegalArgumentException("catch-up out of range");
    }
  }
}
