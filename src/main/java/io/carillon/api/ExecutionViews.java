package io.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Json;
import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Followed;
import io.carillon.execution.Live;
import io.carillon.execution.Progress;
import io.carillon.execution.Skipped;
import java.time.Duration;

/** Shows executions and attempts in canonical form. Stateless. */
final class ExecutionViews {
  private ExecutionViews() {}

  static ObjectNode tree(Execution execution) {
    ObjectNode tree = Json.object();
    tree.put("id", execution.id().value());
    tree.put("jobId", execution.jobId().value());
    tree.put("queue", execution.queue());
    tree.put("scheduledAt", Json.instant(execution.scheduledAt()));
    tree.put("state", execution.state().name());
    tree.put("reason", execution.reason());
    tree.put("attempt", execution.attempt());
    tree.put("node", execution.node());
    tree.put("startedAt", Json.instant(execution.startedAt()));
    tree.put("finishedAt", Json.instant(execution.finishedAt()));
    tree.put("nextAttemptAt", Json.instant(execution.nextAttemptAt()));
    tree.put("durationMs", Json.millis(execution.duration()));
    tree.put("httpStatus", execution.httpStatus());
    tree.put("error", execution.error());
    if (execution.response() == null) {
      tree.putNull("response");
    } else {
      tree.putObject("response")
          .put("body", execution.response().body())
          .put("truncated", execution.response().truncated());
    }
    tree.put("latenessMs", Json.millis(execution.lateness()));
    if (execution.state() == ExecutionState.FAILED) {
      tree.put("deadLettered", execution.deadLettered());
    }
    Skipped skipped = execution.skipped();
    if (skipped != null) {
      tree.put("from", Json.instant(skipped.from()))
          .put("to", Json.instant(skipped.to()))
          .put("count", skipped.count());
    }
    return tree;
  }

  static ObjectNode tree(Followed followed) {
    ObjectNode tree =
        Json.object()
            .put("place", followed.place())
            .put("jobId", followed.jobId())
            .put("executionId", followed.executionId())
            .put("at", Json.instant(followed.at()));
    return followed.code() == null
        ? tree
        : tree.put("code", followed.code()).put("error", followed.detail());
  }

  /** Adds what is told of it while it runs. */
  static void add(ObjectNode tree, Live live) {
    Progress progress = live.progress();
    if (progress == null) {
      tree.putNull("progress");
    } else {
      tree.putObject("progress")
          .put("percent", progress.percent())
          .put("note", progress.note())
          .put("at", Json.instant(progress.at()));
    }
    tree.put("awaitsUntil", Json.instant(live.awaitsUntil()));
    tree.put("cancelRequestedAt", Json.instant(live.cancelRequestedAt()));
  }

  static ObjectNode tree(Attempt attempt) {
    Duration length =
        attempt.finishedAt() == null
            ? null
            : Duration.between(attempt.startedAt(), attempt.finishedAt());
    return Json.object()
        .put("n", attempt.n())
        .put("node", attempt.node())
        .put("startedAt", Json.instant(attempt.startedAt()))
        .put("finishedAt", Json.instant(attempt.finishedAt()))
        .put("durationMs", Json.millis(length))
        .put("httpStatus", attempt.httpStatus())
        .put("reason", attempt.reason())
        .put("error", attempt.error())
        .put("counted", attempt.counted());
  }
}
