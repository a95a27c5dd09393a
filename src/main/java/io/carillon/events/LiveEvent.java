package io.carillon.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.events.EventRows.Row;
import io.carillon.execution.EventKind;
import io.carillon.spec.StrictJson;
import io.carillon.spec.UnreadableJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event as readers are told it, worked out once for all of them. Immutable.
 *
 * @param id rises, with gaps
 * @param word what happened
 * @param plainWord the same in the words of job queues; null if they have none
 * @param state of the execution
 * @param full as JSON: {@code {id, event, at, job, execution}} and the like
 * @param plain as JSON in the manner of job queues; null if they do not tell it
 */
public record LiveEvent(
    long id,
    String word,
    @Nullable String plainWord,
    @Nullable String jobId,
    @Nullable String queue,
    @Nullable String state,
    Map<String, String> labels,
    String full,
    @Nullable String plain) {

  /** Empty for a row that cannot be read, or of a kind that this version does not know. */
  static Optional<LiveEvent> of(Row row) {
    Optional<EventKind> kind = EventKind.of(row.kind());
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    try {
      return StrictJson.tree(row.payload()) instanceof ObjectNode members
          ? Optional.of(of(row, kind.get(), members))
          : Optional.empty();
    } catch (UnreadableJson e) {
      return Optional.empty();
    }
  }

  private static LiveEvent of(Row row, EventKind kind, ObjectNode members) {
    ObjectNode full = StrictJson.object();
    full.put("id", row.id());
    full.put("event", kind.word());
    full.put("at", Instant.ofEpochMilli(row.at()).toString());
    full.setAll(members);
    JsonNode job = members.path("job");
    JsonNode execution = members.path("execution");
    String plainWord = PlainWords.of(kind);
    Map<String, String> labels = new HashMap<>();
    job.path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new LiveEvent(
        row.id(),
        kind.word(),
        plainWord,
        row.jobId(),
        row.queue(),
        execution.path("state").isTextual() ? execution.path("state").textValue() : null,
        labels,
        StrictJson.text(full),
        plainWord == null ? null : plain(row, plainWord, job, execution));
  }

  /** {@code {event, at, job}}, where the job has what a job queue says of one. */
  private static String plain(Row row, String word, JsonNode job, JsonNode execution) {
    ObjectNode shown = StrictJson.object();
    shown.put("id", row.jobId());
    shown.set("name", job.path("name").isTextual() ? job.path("name") : null);
    shown.put("queue", row.queue());
    shown.put("status", word);
    if (execution.isObject()) {
      shown.set("executionId", execution.get("id"));
      shown.set("attempt", execution.get("attempt"));
      copy(execution, shown, "progress");
      copy(execution, shown, "httpStatus");
      copy(execution, shown, "error");
      copy(execution, shown, "reason");
    }
    ObjectNode plain = StrictJson.object();
    plain.put("event", word);
    plain.put("at", Instant.ofEpochMilli(row.at()).toString());
    plain.set("job", shown);
    return StrictJson.text(plain);
  }

  private static void copy(JsonNode from, ObjectNode to, String name) {
    if (from.hasNonNull(name)) {
      to.set(name, from.get(name));
    }
  }
}
