package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Task;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import io.carillon.job.TaskId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes tasks, in one form for clients and for the database. Stateless, thread-safe. */
public final class TaskWriter {

  /** The canonical body: what {@link TaskReader} reads back to the same task. */
  public ObjectNode write(Task task) {
    ObjectNode node = StrictJson.object().put("id", task.id().value());
    node.put("description", task.description());
    node.set("target", Values.node(task.target()));
    ObjectNode parameters = node.putObject("parameters");
    task.parameters()
        .forEach(
            (name, declared) -> {
              ObjectNode parameter = parameters.putObject(name);
              parameter.put("type", declared.type().name().toLowerCase(Locale.ROOT));
              parameter.put("required", declared.required());
              if (declared.fallback() != null) {
                parameter.set("default", Values.node(declared.fallback()));
              }
              if (declared.description() != null) {
                parameter.put("description", declared.description());
              }
            });
    node.set("retry", Values.node(task.retry()));
    node.put("queue", task.queue());
    return node;
  }

  /** As text for the database; {@link #parse} is its inverse. */
  public String store(Task task) {
    return StrictJson.text(write(task));
  }

  /**
   * Reads what {@link #store} wrote, without the rules for submissions.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public Task parse(TaskId id, String json) {
    try {
      ObjectNode root = (ObjectNode) StrictJson.tree(json);
      Map<String, Parameter> parameters = new LinkedHashMap<>();
      root.path("parameters")
          .properties()
          .forEach(entry -> parameters.put(entry.getKey(), parameter(entry.getValue())));
      return new Task(
          id,
          text(root, "description"),
          Values.of((ObjectNode) root.required("target")),
          parameters,
          root.get("retry") instanceof ObjectNode retry ? Values.of(retry) : null,
          text(root, "queue"));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("the stored definition of task " + id + " is damaged", e);
    }
  }

  private static Parameter parameter(JsonNode node) {
    return new Parameter(
        Type.valueOf(node.required("type").textValue().toUpperCase(Locale.ROOT)),
        node.path("required").asBoolean(),
        node.hasNonNull("default") ? Values.of(node.get("default")) : null,
        text(node, "description"));
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name).textValue() : null;
  }
}
