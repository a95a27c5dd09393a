package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep.Finish;
import io.carillon.job.Jitter;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.util.Optional;

/**
 * The next trigger of a job with a fixed delay, counted from the end of the run that is being
 * completed. Only the run of the latest planned instant of the job's present generation re-arms it,
 * so a late retry or a run by hand never plants a second chain.
 */
final class Rearm {
  private Rearm() {}

  /** Whether this completion could re-arm its job, by what it alone knows. */
  static boolean mayApply(Completion completion) {
    return completion.next() instanceof Finish
        && completion.firing().job().schedule() instanceof Schedule.FixedDelay;
  }

  /**
   * The trigger of the next run, if the execution that has ended is the job's latest planned one.
   */
  static Optional<TriggerRow> trigger(ExecutionId ended, Instant finishedAt, StoredJob job) {
    if (!(job.job().schedule() instanceof Schedule.FixedDelay schedule)
        || !isLatestPlanned(ended, job)
        || !(job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED)) {
      return Optional.empty();
    }
    Integer maxRuns = schedule.limits().maxRuns();
    if (maxRuns != null && job.runs() >= maxRuns) {
      return Optional.empty();
    }
    Instant next = finishedAt.plus(schedule.every());
    Instant endAt = schedule.limits().endAt();
    if (endAt != null && next.isAfter(endAt)) {
      return Optional.empty();
    }
    String plan = "every " + schedule.every() + " after the end of a run";
    Limits limits = schedule.limits();
    TriggerRow once =
        TriggerRow.once(
            TriggerName.ofJob(job.id(), job.job().queue()),
            job.id(),
            job.state() == JobState.PAUSED ? TriggerRow.PAUSED : TriggerRow.WAITING,
            plan,
            job.job().priority().number(),
            Jitter.apply(job.id(), next, limits.jitter()).toEpochMilli());
    boolean plain = limits.jitter().isZero() && limits.calendars().isEmpty();
    return Optional.of(
        plain ? once : once.withKind(new TriggerRow.Own(next.toEpochMilli(), plan, "", "")));
  }

  private static boolean isLatestPlanned(ExecutionId ended, StoredJob job) {
    Instant last = job.lastScheduledAt();
    return last != null && ExecutionId.planned(job.id(), job.generation(), last).equals(ended);
  }
}
