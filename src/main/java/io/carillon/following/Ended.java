package io.carillon.following;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.Answer;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.Origin;
import io.carillon.job.Target;
import io.carillon.spec.StrictJson;
import io.carillon.spec.UnreadableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An execution that has got somewhere, with the definition it ran under.
 *
 * @param depth how many runs it follows, one after another
 */
record Ended(Job job, Execution execution, int depth) {
  /** Under this name a run that follows another keeps how deep it is. */
  static final String CHAIN = "chain";

  static Ended of(Job job, Execution execution, Map<String, Object> overrides) {
    Object depth =
        overrides.get(CHAIN) instanceof Map<?, ?> chain
            ? chain.get(Origin.DEPTH)
            : job.origin().facts().get(Origin.DEPTH);
    return new Ended(job, execution, depth instanceof Number number ? number.intValue() : 0);
  }

  /** When it got there. */
  Instant at(Instant otherwise) {
    Instant finished = execution.finishedAt();
    return finished == null ? otherwise : finished;
  }

  /** Its canonical view; the answer is a text, as it came. */
  ObjectNode executionView() {
    ObjectNode tree = StrictJson.object();
    tree.put("id", execution.id().value());
    tree.put("jobId", execution.jobId().value());
    tree.put("queue", execution.queue());
    tree.put("scheduledAt", text(execution.scheduledAt()));
    tree.put("state", execution.state().name());
    tree.put("reason", execution.reason());
    tree.put("attempt", execution.attempt());
    tree.put("node", execution.node());
    tree.put("startedAt", text(execution.startedAt()));
    tree.put("finishedAt", text(execution.finishedAt()));
    tree.put("nextAttemptAt", text(execution.nextAttemptAt()));
    tree.put("durationMs", millis(execution.duration()));
    tree.put("httpStatus", execution.httpStatus());
    tree.put("error", execution.error());
    Answer answer = execution.response();
    if (answer == null) {
      tree.putNull("response");
    } else {
      tree.putObject("response").put("body", answer.body()).put("truncated", answer.truncated());
    }
    tree.put("latenessMs", millis(execution.lateness()));
    if (execution.state() == ExecutionState.FAILED) {
      tree.put("deadLettered", execution.deadLettered());
    }
    return tree;
  }

  /**
   * What its job is, for people elsewhere: without headers, body, query and parameters, which may
   * hold secrets and are none of theirs.
   */
  ObjectNode jobView() {
    ObjectNode tree = StrictJson.object();
    tree.put("id", job.id().value());
    tree.put("name", job.name());
    tree.put("description", job.description());
    tree.put("queue", job.queue());
    tree.put("priority", job.priority().name().toLowerCase(Locale.ROOT));
    ObjectNode labels = tree.putObject("labels");
    new TreeMap<>(job.labels()).forEach(labels::put);
    ObjectNode target = tree.putObject("target");
    if (job.target() instanceof Target.Http http) {
      target.put("type", "http").put("method", http.method());
      target.put("url", http.url().split("[?#]", 2)[0]);
    } else {
      target.put(
          "type",
          job.target() instanceof Target.Email
              ? "email"
              : job.target() instanceof Target.Log ? "log" : "noop");
    }
    return tree;
  }

  /** What parameters can name: the answer is a tree where it is JSON, else its text. */
  ObjectNode result() {
    ObjectNode result = StrictJson.object();
    ObjectNode view = executionView();
    Answer answer = execution.response();
    if (answer != null) {
      view.set("response", read(answer));
    }
    result.set("execution", view);
    result.set("job", jobView());
    return result;
  }

  private static JsonNode read(Answer answer) {
    if (!answer.truncated()) {
      try {
        return StrictJson.tree(answer.body());
      } catch (UnreadableJson e) {
        return StrictJson.object().textNode(answer.body());
      }
    }
    return StrictJson.object().textNode(answer.body());
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable Long millis(@Nullable Duration length) {
    return length == null ? null : Long.valueOf(length.toMillis());
  }
}
