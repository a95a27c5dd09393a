package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.util.Optional;
import org.quartz.TriggerKey;

/**
 * How triggers are named. A job's own trigger has the job's id as its name; a trigger that repeats
 * or runs one execution is named {@code execution/<id>/<attempt>}, so that inserting it twice is
 * harmless ({@code /} cannot occur in a job's id). The group is the queue, with the namespace
 * before it outside the default one.
 */
record TriggerName(String name, String group) {
  private static final String EXECUTION = "execution/";

  /** What a trigger of one execution says: which attempt of which execution. */
  record Repeat(ExecutionId execution, int attempt) {}

  static TriggerName ofJob(JobId job, String queue) {
    return new TriggerName(job.value(), group(job.namespace(), queue));
  }

  static TriggerName of(TriggerKey key) {
    return new TriggerName(key.getName(), key.getGroup());
  }

  static TriggerName ofExecution(
      ExecutionId execution, int attempt, String namespace, String queue) {
    return new TriggerName(nameOf(execution, attempt), group(namespace, queue));
  }

  /** The name of the trigger for one attempt of an execution. */
  static String nameOf(ExecutionId execution, int attempt) {
    return EXECUTION + execution + "/" + attempt;
  }

  /** The group of a queue's triggers. */
  static String group(String namespace, String queue) {
    return namespace.equals(JobId.DEFAULT_NAMESPACE) ? queue : namespace + "/" + queue;
  }

  /** The queue that the group stands for. */
  String queue(String namespace) {
    return namespace.equals(JobId.DEFAULT_NAMESPACE) || !group.startsWith(namespace + "/")
        ? group
        : group.substring(namespace.length() + 1);
  }

  /**
   * Whether the trigger is one of those that our own calls make. A caller of Quartz's interface
   * names his own otherwise, and may plan them anew while they run for the last time.
   */
  boolean isOfOurMaking(JobId job) {
    return name.equals(job.value()) || name.startsWith(EXECUTION);
  }

  TriggerKey key() {
    return new TriggerKey(name, group);
  }

  /** The execution that a trigger of this name repeats; empty for a job's own trigger. */
  Optional<Repeat> repeat() {
    if (!name.startsWith(EXECUTION)) {
      return Optional.empty();
    }
    int slash = name.lastIndexOf('/');
    try {
      int attempt = Integer.parseInt(name.substring(slash + 1));
      return ExecutionId.parse(name.substring(EXECUTION.length(), slash))
          .map(id -> new Repeat(id, attempt));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
