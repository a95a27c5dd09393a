package io.carillon.cron;

import org.jspecify.annotations.Nullable;

/**
 * What a schedule does when the clocks change.
 *
 * @param gap of a local time that does not exist on a day; null: by the rhythm of the schedule
 * @param overlap of a local time that comes twice; null: by the rhythm of the schedule
 */
public record DstPolicy(@Nullable Gap gap, @Nullable Overlap overlap) {
  /**
   * Fixed times run after the gap, and once, the first time, in the overlap; what repeats within
   * the hour keeps its rhythm in real time.
   */
  public static final DstPolicy BY_RHYTHM = new DstPolicy(null, null);

  /** Of a local time that does not exist. */
  public enum Gap {
    /** At the first instant after the gap, once. */
    RUN_AFTER,
    SKIP
  }

  /** Of a local time that comes twice. */
  public enum Overlap {
    FIRST,
    SECOND,
    BOTH
  }
}
