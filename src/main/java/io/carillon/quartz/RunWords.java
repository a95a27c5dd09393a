package io.carillon.quartz;

import io.carillon.execution.Completion;
import io.carillon.execution.Completion.Via;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows.Missed;
import io.carillon.execution.RunRows.Run;
import io.carillon.execution.Runner;
import io.carillon.job.Job;
import io.carillon.job.Job.Policies;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.quartz.store.AwaitedRuns.Known;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Words on running executions that do not come from their workers, as the completions that they
 * are. Thread-safe.
 */
final class RunWords {
  private final Runner runner;
  private final InstantSource clock;

  RunWords(Runner runner, InstantSource clock) {
    this.runner = runner;
    this.clock = clock;
  }

  /** Nobody has said anything in time, or it was cancelled while its target's word was awaited. */
  Completion ofNobody(Known known, Instant firedAt) {
    return of(known, firedAt, late(known.run()), Via.DEADLINE);
  }

  /** A word on what runs, by whoever says it; also where the definition cannot be read. */
  Completion of(Known known, Instant firedAt, Outcome outcome, Via via) {
    Run run = known.run();
    StoredJob stored = known.job();
    Job job = stored == null ? unknown(run.jobId()) : stored.job();
    Instant now = clock.instant();
    Firing firing =
        new Firing(
            run.id(),
            job,
            run.generation(),
            run.id().scheduledAt(),
            run.attempt(),
            run.attempt() - run.uncounted(),
            run.uncounted() > 0,
            run.node() == null ? "" : run.node(),
            firedAt,
            Map.of());
    Instant startedAt = run.startedAt() == null ? firedAt : run.startedAt();
    return new Completion(firing, outcome, runner.next(firing, outcome, now), startedAt, now, via);
  }

  /**
   * In place of a definition that cannot be read: whatever the word is, it ends the run; nothing is
   * tried again, and nothing follows.
   */
  private static Job unknown(JobId id) {
    Schedule past = new Schedule.At(Instant.EPOCH, null, true, null, null, Limits.NONE);
    return new Job(
        id,
        null,
        null,
        Job.DEFAULT_QUEUE,
        Priority.NORMAL,
        Map.of(),
        new Target.Noop(),
        past,
        Policies.with(RetryPolicy.none(), false),
        Map.of(),
        Origin.CANONICAL);
  }

  private static Outcome late(Run run) {
    if (run.cancelling()) {
      return Failed.of(Reasons.CANCELLED, "cancelled while its target's word was awaited");
    }
    boolean silent = run.missed() == Missed.HEARTBEAT;
    return new Failed(
        silent ? Reasons.HEARTBEAT_LOST : Reasons.TIMEOUT,
        silent
            ? "the target answered 202 and gave no sign of life in time"
            : "the target answered 202 and did not report an outcome in time",
        run.httpStatus(),
        null,
        null);
  }
}
