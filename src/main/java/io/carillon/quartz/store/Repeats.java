package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.time.Instant;

/** Triggers that run one execution (again): retries, hand-overs, runs by hand. */
final class Repeats {
  private Repeats() {}

  /** A trigger for one attempt; it waits while its job is paused. */
  static TriggerRow trigger(
      ExecutionId id, int attempt, StoredJob job, Instant at, String description) {
    JobId jobId = job.id();
    return TriggerRow.once(
        TriggerName.ofExecution(id, attempt, jobId.namespace(), job.job().queue()),
        jobId,
        job.state() == JobState.PAUSED ? TriggerRow.PAUSED : TriggerRow.WAITING,
        description,
        job.job().priority().number(),
        at.toEpochMilli());
  }
}
