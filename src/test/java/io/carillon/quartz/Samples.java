package io.carillon.quartz;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Jobs for tests of the engine: valid, of the default queue, with nothing special unless said. */
final class Samples {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private Samples() {}

  static JobId newId() {
    return JobId.of(UUID.randomUUID().toString());
  }

  static Schedule now() {
    return new Schedule.Now(Limits.NONE);
  }

  static Schedule in(Duration delay) {
    return new Schedule.Delay(delay, Limits.NONE);
  }

  static Job job(JobId id, Schedule schedule, RetryPolicy retry) {
    return new Job(
        id,
        null,
        null,
        Job.DEFAULT_QUEUE,
        Priority.NORMAL,
        Map.of(),
        new Target.Noop(),
        schedule,
        Job.Policies.with(retry, schedule.recurring()),
        Map.of(),
        Origin.CANONICAL);
  }

  static Job renamed(Job job, String name) {
    return new Job(
        job.id(),
        name,
        job.description(),
        job.queue(),
        job.priority(),
        job.labels(),
        job.target(),
        job.schedule(),
        job.policies(),
        job.later(),
        job.origin());
  }
}
