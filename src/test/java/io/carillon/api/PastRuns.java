package io.carillon.api;

import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Skipped;
import io.carillon.job.JobId;
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
    ExecutionId id = ExecutionId.planned(jobId, 1, at);
    Instant started = at.plusMillis(10);
    boolean over = state.isFinal();
    rig.engine.executions.put(
        id,
        new Execution(
            id,
            jobId,
            "default",
            at,
            state,
            over && state != ExecutionState.SUCCEEDED ? "HTTP_503" : null,
            1,
            "node-1",
            started,
            started,
            over ? started.plusMillis(20) : null,
            state == ExecutionState.RETRYING ? at.plusSeconds(60) : null,
            over ? 503 : null,
            over ? "503" : null,
            null,
            state == ExecutionState.SKIPPED ? Skipped.one(at, "HTTP_503") : null));
  }
}
