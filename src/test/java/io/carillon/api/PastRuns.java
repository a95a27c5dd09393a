package io.carillon.api;

import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.SampleExecution;
import io.carillon.execution.Skipped;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;

/** Executions that there were, as a test says: put behind the API without anything firing. */
final class PastRuns {
  private PastRuns() {}

  /** A job with nothing planned. */
  static void finishedJob(ApiRig rig, String id) {
    rig.send("PUT", "/api/v1/jobs/" + id, "{\"target\":{\"type\":\"noop\"}}");
    JobId jobId = JobId.of(id);
    rig.engine.stored.put(jobId, rig.engine.stored.get(jobId).withNextFireTime(null));
  }

  /** An execution so many seconds before now. */
  static void add(ApiRig rig, String job, int secondsAgo, ExecutionState state) {
    Instant at = ApiRig.NOW.minusSeconds(secondsAgo);
    JobId jobId = JobId.of(job);
    SampleExecution run = SampleExecution.of(jobId, at).state(state).late(Duration.ofMillis(10));
    if (state.isFinal()) {
      run.ended(state, at.plusMillis(30));
      run.failed(state == ExecutionState.SUCCEEDED ? null : "HTTP_503", 503, "503");
    }
    if (state == ExecutionState.RETRYING) {
      run.nextAttemptAt(at.plusSeconds(60));
    }
    if (state == ExecutionState.SKIPPED) {
      run.skipped(Skipped.one(at, "HTTP_503"));
    }
    Execution added = run.build();
    rig.engine.executions.put(added.id(), added);
  }
}
