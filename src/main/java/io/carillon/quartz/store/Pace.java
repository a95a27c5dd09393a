package io.carillon.quartz.store;

import java.time.Duration;

/**
 * How soon what has no owner is put right.
 *
 * @param interval from one look to the next
 * @param suspicion how long it has to have looked so: whoever is at work on it with several
 *     transactions, a stock node or a person, is given that time
 * @param running how long a call has to run before a missing FIRED row counts
 */
public record Pace(Duration interval, Duration suspicion, Duration running) {
  /** Within a minute, all in all. */
  public static final Pace STANDARD =
      new Pace(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(35));
}
