package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One planned instant of a job (or one run by hand) and what became of it, as history holds it.
 *
 * @param attempt number of the current or last attempt
 * @param node instance name of the node that runs or ran it
 * @param firedAt begin of the first attempt
 * @param startedAt begin of the current or last attempt
 * @param nextAttemptAt when it is tried again, while RETRYING
 * @param skipped of a SKIPPED one, the planned instants it stands for; else null
 * @param deadLettered whether it failed for good and was neither redriven nor purged since
 */
public record Execution(
    ExecutionId id,
    JobId jobId,
    String queue,
    Instant scheduledAt,
    ExecutionState state,
    @Nullable String reason,
    int attempt,
    @Nullable String node,
    @Nullable Instant firedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Integer httpStatus,
    @Nullable String error,
    @Nullable Answer response,
    @Nullable Skipped skipped,
    boolean deadLettered) {

  /** Length of the current or last attempt; null while it runs. */
  public @Nullable Duration duration() {
    return startedAt == null || finishedAt == null ? null : Duration.between(startedAt, finishedAt);
  }

  /** From the planned instant to the first attempt; null before it. */
  public @Nullable Duration lateness() {
    return firedAt == null ? null : Duration.between(scheduledAt, firedAt);
  }
}
