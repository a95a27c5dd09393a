package io.carillon.quartz;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
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
    return SampleJob.noop(id, schedule).retry(retry).build();
  }

  static Job renamed(Job job, String name) {
    return SampleJob.like(job).name(name).build();
  }
}
