package io.carillon.api.adapter;

import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Executions;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.spec.Upcoming;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands, as one state: that of its latest unfinished execution, else its next planned
 * one, else its last. A paused job counts as scheduled unless it runs; a deleted one as cancelled,
 * one that ended without a run as failed.
 *
 * @param executeAt the instant that this is about
 * @param running the execution, if it runs
 */
record Standing(
    ExecutionState state,
    @Nullable Instant executeAt,
    @Nullable Instant completedAt,
    @Nullable String error,
    @Nullable ExecutionId running) {
  private Standing(
      ExecutionState state,
      @Nullable Instant executeAt,
      @Nullable Instant completedAt,
      @Nullable String error) {
    this(state, executeAt, completedAt, error, null);
  }

  private static final Set<ExecutionState> UNFINISHED =
      EnumSet.of(
          ExecutionState.SCHEDULED,
          ExecutionState.QUEUED,
          ExecutionState.RUNNING,
          ExecutionState.RETRYING);

  /** Those that the source documents know an end for. */
  static final Set<ExecutionState> FINISHED =
      EnumSet.of(ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.CANCELLED);

  static Standing of(StoredJob job, Executions executions, Instant now) {
    if (job.state() == JobState.CANCELLED) {
      return new Standing(
          ExecutionState.CANCELLED,
          job.lastScheduledAt() != null ? job.lastScheduledAt() : planned(job, now),
          job.finishedAt(),
          "cancelled");
    }
    Optional<Execution> current = latest(job, executions, UNFINISHED);
    if (current.isPresent()) {
      return unfinished(job, current.get());
    }
    if (job.nextFireTime() != null || job.state() == JobState.PAUSED) {
      return new Standing(ExecutionState.SCHEDULED, planned(job, now), null, null);
    }
    return latest(job, executions, FINISHED)
        .map(
            last -> new Standing(last.state(), last.scheduledAt(), last.finishedAt(), last.error()))
        .orElseGet(() -> unrun(job, now));
  }

  /** It waits, or is over without ever having run. */
  private static Standing unrun(StoredJob job, Instant now) {
    return job.state() == JobState.COMPLETED
        ? new Standing(ExecutionState.FAILED, job.lastScheduledAt(), job.finishedAt(), "not run")
        : new Standing(ExecutionState.SCHEDULED, planned(job, now), null, null);
  }

  private static Standing unfinished(StoredJob job, Execution execution) {
    boolean held = job.state() == JobState.PAUSED && execution.state() != ExecutionState.RUNNING;
    Instant again = execution.nextAttemptAt();
    boolean waits = execution.state() == ExecutionState.RETRYING && again != null;
    return new Standing(
        held ? ExecutionState.SCHEDULED : execution.state(),
        waits ? again : execution.scheduledAt(),
        null,
        execution.error(),
        execution.state() == ExecutionState.RUNNING ? execution.id() : null);
  }

  private static Optional<Execution> latest(
      StoredJob job, Executions executions, Set<ExecutionState> states) {
    Executions.Filter filter =
        new Executions.Filter(job.id().namespace(), job.id(), states, null, null, null, Map.of());
    return executions.list(filter, null, 1).items().stream().findFirst();
  }

  private static @Nullable Instant planned(StoredJob job, Instant now) {
    return Upcoming.next(job, now).orElse(null);
  }
}
