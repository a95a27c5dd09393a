package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.StoreParticipant.Standing;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known of one job, as the lock row's holder sees it.
 *
 * @param triggers all of its triggers
 * @param fired its FIRED rows, all of nodes that live
 * @param runnable whether its JobDetail is there and of our class
 * @param executions those that its triggers name, and that of its latest planned instant
 * @param acceptedAt when the present generation of its schedule was accepted
 */
record JobFindings(
    StoredJob job,
    List<TriggerRow> triggers,
    List<FiredRow> fired,
    boolean runnable,
    Map<ExecutionId, Standing> executions,
    Instant acceptedAt) {

  /** Whether it has a plan at all: not when it is over. */
  boolean isLive() {
    return job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED;
  }

  boolean isFired(TriggerName trigger) {
    return fired.stream().anyMatch(row -> row.trigger().equals(trigger));
  }

  /** Whether a planned instant of it is being run for the first time. */
  boolean isPlanFired() {
    return fired.stream().anyMatch(row -> row.trigger().repeat().isEmpty());
  }

  /** The execution of the latest planned instant, if it has not ended. */
  boolean isLatestOpen() {
    return latest(job)
        .map(executions::get)
        .filter(standing -> !standing.state().isFinal())
        .isPresent();
  }

  static Optional<ExecutionId> latest(StoredJob job) {
    Instant last = job.lastScheduledAt();
    return last == null
        ? Optional.empty()
        : Optional.of(ExecutionId.planned(job.id(), job.generation(), last));
  }
}
