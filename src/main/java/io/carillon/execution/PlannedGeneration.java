package io.carillon.execution;

import io.carillon.cron.Rhythm;
import io.carillon.job.Schedule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a job's schedule, and how far its plan came.
 *
 * @param plan its instants in order, also those that are passed over
 * @param after it plans nothing up to here: the last instant fired or skipped under an earlier one
 * @param end it plans nothing later than this; null if the schedule alone tells
 * @param armed the instant at which its trigger stands; null if there is none
 * @param runsLeft runs that it may still have, counted from {@code armed}; null without a bound
 * @param rest what its instants are that nothing was written of
 */
public record PlannedGeneration(
    int number,
    Schedule schedule,
    Rhythm plan,
    Instant after,
    @Nullable Instant end,
    @Nullable Instant armed,
    @Nullable Long runsLeft,
    Rest rest) {

  /**
   * Instants from one on which are not settled.
   *
   * @param from all before it must have been written
   * @param reason why the others were not run; null if they are still open
   */
  public record Rest(Instant from, @Nullable String reason) {
    /** Everything must have been written. */
    public static final Rest NONE = new Rest(Instant.MAX, null);
  }
}
