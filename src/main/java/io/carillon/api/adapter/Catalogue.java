package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Json;
import io.carillon.job.JobId;
import io.carillon.job.StoredTask;
import io.carillon.job.Target;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The built-in tasks, those that are stored, and what a text stands for. Thread-safe. */
final class Catalogue {
  static final List<String> BUILT_IN = List.of("http", "log", "noop");
  private static final List<String> HTTP =
      List.of("url", "method", "headers", "body", "timeout", "auth", "secretHeaders");
  private static final int LONGEST_LINE = 4_000;
  private static final int MOST_HINTED = 1_000;

  private final Tasks stored;

  Catalogue(Tasks stored) {
    this.stored = stored;
  }

  /**
   * A task that is stored.
   *
   * @param namePointer where the client named it
   * @param pointer to the parameters
   * @return whether there is one
   */
  boolean isStored(
      Translation in,
      String name,
      @Nullable JsonNode parameters,
      String namePointer,
      String pointer) {
    if (!TaskId.isValid(name)) {
      return false;
    }
    Optional<Task> task = stored.find(TaskId.of(name)).map(StoredTask::task);
    task.ifPresent(found -> in.task(found, parameters, namePointer, pointer));
    return task.isPresent();
  }

  /** Notes that nobody knows a task. */
  void unknown(Translation in, String name, String field) {
    List<String> names = new ArrayList<>(BUILT_IN);
    names.addAll(stored.ids(JobId.DEFAULT_NAMESPACE, MOST_HINTED));
    in.body.fault(
        field,
        "task_unknown",
        "there is no such task; built in are "
            + String.join(", ", BUILT_IN)
            + Suggestion.of(name, names));
  }

  /**
   * A text alone: a task without parameters, a stored one that needs none, a URL, or a line for the
   * log.
   */
  void ofText(Translation in, String text) {
    String start = text.toLowerCase(Locale.ROOT);
    if (text.equals("noop")) {
      in.target("noop");
    } else if (start.startsWith("http://") || start.startsWith("https://")) {
      in.target("http").put("url", text);
      in.from("/target/url", "/task");
    } else if (!isStored(in, text, null, "/task", "/task")) {
      in.target("log").put("message", text);
      in.from("/target/message", "/task");
    }
  }

  /**
   * A built-in task with its parameters.
   *
   * @param pointer to the parameters
   */
  static void builtIn(
      Translation in, String name, @Nullable ObjectNode parameters, String pointer) {
    ObjectNode target = in.target(name);
    ObjectNode given = parameters == null ? StrictJson.object() : parameters;
    if (name.equals("http")) {
      for (String field : HTTP) {
        if (given.hasNonNull(field)) {
          target.set(field, given.get(field));
        }
      }
    } else {
      checkSize(in, given, pointer);
    }
    if (name.equals("log")) {
      JsonNode message = given.get("message");
      target.put(
          "message", message != null && message.isTextual() ? message.textValue() : line(given));
    }
    in.from("/target", pointer);
  }

  /** Notes a payload that would be too large for a target that takes one. */
  static void checkSize(Translation in, JsonNode payload, String pointer) {
    if (Json.bytes(payload).length > Target.LARGEST_BODY) {
      in.body.faults().add(pointer, "payload_too_large", "a payload has at most 256 KiB");
    }
  }

  /** Anything as a line for the log. */
  static String line(JsonNode value) {
    String text = StrictJson.text(value);
    return text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE);
  }
}
