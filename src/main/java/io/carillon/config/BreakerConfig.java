package io.carillon.config;

import java.time.Duration;

/**
 * When the breaker of a host opens, and for how long.
 *
 * @param enabled whether breakers open by themselves; forced ones hold in any case
 * @param window over which ends of calls are counted
 * @param failureRate share of failures from which on it opens, above 0, at most 1
 * @param minimumCalls how many ends it takes at least; so many failures in a row open it in any
 *     case
 * @param openFor how long it stays open until a probe is made, and how long that one is waited for
 * @param openForMost up to which that grows, doubling with each probe that fails
 */
public record BreakerConfig(
    boolean enabled,
    Duration window,
    double failureRate,
    int minimumCalls,
    Duration openFor,
    Duration openForMost) {

  public static final BreakerConfig DEFAULT =
      new BreakerConfig(
          true, Duration.ofSeconds(10), 0.5, 10, Duration.ofSeconds(3), Duration.ofSeconds(3));

  /**
   * How long it stays open.
   *
   * @param inARow how often it has been opened without a success between, before this time
   */
  public Duration openFor(int inARow) {
    Duration length = openFor;
    for (int i = 0; i < inARow && length.compareTo(openForMost) < 0; i++) {
      length = length.multipliedBy(2);
    }
    return length.compareTo(openForMost) < 0 ? length : longestOpen();
  }

  /** The longest that it stays open until a probe is made. */
  public Duration longestOpen() {
    return openForMost.compareTo(openFor) < 0 ? openFor : openForMost;
  }
}
