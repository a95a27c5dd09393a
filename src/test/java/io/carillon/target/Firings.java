package io.carillon.target;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Valid firings for tests. */
final class Firings {
  static final Instant SCHEDULED_AT = Instant.parse("2026-11-22T01:00:00Z");
  static final JobId JOB = JobId.of("job-1");
  static final ExecutionId ID = ExecutionId.planned(JOB, 1, SCHEDULED_AT);

  private Firings() {}

  static Firing of(Target target) {
    return of(target, Map.of());
  }

  static Firing of(Target target, Map<String, Object> overrides) {
    return of(ID, Job.of(JOB, target, new Schedule.Now(Limits.NONE)), overrides);
  }

  static Firing of(ExecutionId id, Job job, Map<String, Object> overrides) {
    return new Firing(id, job, 1, SCHEDULED_AT, 3, 2, true, "node-1", SCHEDULED_AT, overrides);
  }

  /** Makes the call of a node whose lease holds. */
  static Outcome made(Targets targets, Firing firing) {
    return targets.call(firing, () -> true).orElseThrow();
  }

  static Firing get(String url) {
    return of(http("GET", url, null));
  }

  static Firing get(String url, Duration timeout) {
    return of(new Target.Http("GET", url, Map.of(), null, timeout));
  }

  static Target.Http http(String method, String url, Target.@Nullable Body body) {
    return new Target.Http(method, url, Map.of(), body, Duration.ofSeconds(5));
  }
}
