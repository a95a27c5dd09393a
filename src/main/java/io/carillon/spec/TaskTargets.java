package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes targets of tasks: fills the template with a job's parameters and holds the result to the
 * rules for any target. Thread-safe.
 */
public final class TaskTargets {
  /** Fields of a job that was made from a task; kept as they were given. */
  static final String TASK = "task";

  static final String PARAMETERS = "parameters";

  private final TargetRules rules;

  public TaskTargets(TargetRules rules) {
    this.rules = rules;
  }

  /** The task that a job was made from. */
  public static Optional<String> taskOf(Job job) {
    return job.options().get(TASK) instanceof String task ? Optional.of(task) : Optional.empty();
  }

  /**
   * The target of one run with other parameters; those that are not named stay the job's.
   *
   * @return null if and only if faults were added
   */
  public @Nullable Target refill(Job job, Task task, ObjectNode parameters, Faults faults) {
    ObjectNode all = StrictJson.object();
    if (Values.node(job.options().get(PARAMETERS)) instanceof ObjectNode own) {
      all.setAll(own);
    }
    all.setAll(parameters);
    return fill(task, all, faults, new LinkedHashMap<>());
  }

  /**
   * @param options receives what does not belong to the target's value
   * @return null if and only if faults were added
   */
  @Nullable Target fill(
      Task task, @Nullable ObjectNode parameters, Faults faults, Map<String, Object> options) {
    int before = faults.count();
    String pointer = Faults.child("", PARAMETERS);
    Map<String, JsonNode> values =
        ParameterValues.of(task.parameters(), parameters, pointer, faults);
    if (faults.count() > before) {
      return null;
    }
    JsonNode template = Values.node(task.target());
    ObjectNode filled = new Filling(values, pointer, faults).target((ObjectNode) template);
    if (faults.count() > before) {
      return null;
    }
    Faults found = new Faults();
    TargetOwner owner = TargetOwner.task(task.id().namespace());
    Target target = new TargetReader(new Fields(filled, "", found), rules, owner).read(options);
    for (Fault fault : found.list()) {
      faults.add(blame(template, fault.pointer(), pointer), fault.code(), words(task, fault));
    }
    return faults.count() > before ? null : target;
  }

  /** The parameter that fills this place alone, or all of them. */
  private static String blame(JsonNode template, String place, String pointer) {
    List<String> names = List.copyOf(Placeholders.in(nearest(template, place)));
    return names.size() == 1 ? Faults.child(pointer, names.get(0)) : pointer;
  }

  /** What stands at a place, or what it is a part of: an item of a list may be a value's. */
  static JsonNode nearest(JsonNode template, String place) {
    JsonNode there = template;
    for (String step : place.split("/")) {
      JsonNode next = step.isEmpty() ? there : there.path(unescaped(step));
      if (there.isArray()) {
        next = step.matches("[0-9]{1,9}") ? there.path(Integer.parseInt(step)) : next;
      }
      if (next.isMissingNode()) {
        return there;
      }
      there = next;
    }
    return there;
  }

  private static String unescaped(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }

  private static String words(Task task, Fault fault) {
    return "in the target of task '"
        + task.id().value()
        + "', at "
        + (fault.pointer().isEmpty() ? "its root" : fault.pointer())
        + ": "
        + fault.detail();
  }
}
