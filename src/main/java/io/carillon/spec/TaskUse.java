package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredTask;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a job does: its own {@code target}, or a {@code task} with {@code parameters}, whose
 * target is filled here and now. One use; not thread-safe.
 */
final class TaskUse {
  private static final int MOST_HINTED = 1_000;

  private final Tasks tasks;
  private final TargetRules rules;
  private final JobId id;
  private @Nullable Task task;

  TaskUse(Tasks tasks, TargetRules rules, JobId id) {
    this.tasks = tasks;
    this.rules = rules;
    this.id = id;
  }

  /** The body, with queue and retries of its task where it says nothing of its own. */
  ObjectNode completed(ObjectNode body) {
    String name = body.path(TaskTargets.TASK).textValue();
    if (name == null || !TaskId.isValid(name) || body.hasNonNull("target")) {
      return body;
    }
    task = tasks.find(new TaskId(id.namespace(), name)).map(StoredTask::task).orElse(null);
    if (task == null) {
      return body;
    }
    ObjectNode completed = StrictJson.object().setAll(body);
    if (task.queue() != null && !body.hasNonNull("queue")) {
      completed.put("queue", task.queue());
    }
    if (task.retry() != null && !body.hasNonNull("retry")) {
      completed.set("retry", Values.node(task.retry()));
    }
    return completed;
  }

  /**
   * @param current the job that is replaced; its target and task may be sent back as they were
   *     shown
   * @return null if anything is wrong with it
   */
  @Nullable Target target(Fields fields, @Nullable Job current, Map<String, Object> options) {
    String name = fields.text(TaskTargets.TASK);
    ObjectNode parameters = fields.object(TaskTargets.PARAMETERS);
    if (!fields.has(TaskTargets.TASK)) {
      if (fields.has(TaskTargets.PARAMETERS)) {
        fields.fault(
            TaskTargets.PARAMETERS, "parameters_without_task", "'parameters' belong to a 'task'");
      }
      return own(fields, current, options);
    }
    fields.any("target");
    if (fields.has("target")) {
      return sentBack(fields, current, options);
    }
    if (name == null) {
      return null;
    }
    if (task == null) {
      fields.fault(
          TaskTargets.TASK,
          "task_unknown",
          "there is no task '"
              + Fields.shown(name)
              + "'"
              + Nearest.hint(name, tasks.ids(id.namespace(), MOST_HINTED)));
      return null;
    }
    Map<String, Object> ofTarget = new LinkedHashMap<>();
    Target target = new TaskTargets(rules).fill(task, parameters, fields.faults(), ofTarget);
    options.putAll(ofTarget);
    keep(fields, options);
    return target;
  }

  private @Nullable Target own(Fields fields, @Nullable Job current, Map<String, Object> options) {
    if (!fields.has("target")) {
      fields.any("target");
      fields.required("target");
      return null;
    }
    Fields target = fields.fields("target");
    return target == null
        ? null
        : new TargetReader(target, rules, TargetOwner.of(id, current)).read(options);
  }

  /** What an answer showed may come back as it is; else a job has one of the two. */
  private @Nullable Target sentBack(
      Fields fields, @Nullable Job current, Map<String, Object> options) {
    Target target = own(fields, current, options);
    keep(fields, options);
    boolean same =
        current != null
            && target != null
            && target.equals(current.target())
            && List.of(TaskTargets.TASK, TaskTargets.PARAMETERS).stream()
                .allMatch(name -> sameAs(current, options, name));
    if (target != null && !same) {
      fields.fault(
          "target",
          "target_ambiguous",
          "a job has either a 'target' or a 'task': leave 'target' out to have it filled anew");
    }
    return target;
  }

  private static boolean sameAs(Job current, Map<String, Object> options, String name) {
    JsonNode was = Values.node(current.options().get(name));
    return was.equals(Values.node(options.get(name)));
  }

  private static void keep(Fields fields, Map<String, Object> options) {
    for (String name : List.of(TaskTargets.TASK, TaskTargets.PARAMETERS)) {
      JsonNode node = fields.any(name);
      @Nullable Object value = node == null ? null : Values.of(node);
      if (value != null) {
        options.put(name, value);
      }
    }
  }
}
