package io.carillon.following;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.Refused;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.KnownCalendars;
import io.carillon.job.KnownTasks;
import io.carillon.job.Link;
import io.carillon.job.Origin;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.JobReader;
import io.carillon.spec.Result;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Values;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Makes followers of links: resolves their parameters from the result, and holds a job made of a
 * task to all the rules for jobs. Pure; thread-safe.
 */
final class Links {
  private final TargetRules rules;

  Links(TargetRules rules) {
    this.rules = rules;
  }

  /**
   * A link that is to be followed.
   *
   * @param id begins the id of a job that is made
   * @param ended when what it follows had ended
   * @param depth of what it follows
   * @param result what its parameters can name
   */
  record Followed(Cause cause, Link link, String id, Instant ended, int depth, ObjectNode result) {
    /** The task of which a job is made, if one is named. */
    List<TaskId> task() {
      String task = link.task();
      return task == null || !TaskId.isValid(task)
          ? List.of()
          : List.of(new TaskId(cause.namespace(), task));
    }
  }

  /** The links of an execution that has ended, none if it has not. */
  static List<Followed> of(Ended ended, Instant now) {
    List<Followed> followed = new ArrayList<>();
    ObjectNode result = null;
    for (String field : fields(ended.execution().state())) {
      List<Link> links = Link.of(ended.job(), field);
      for (int i = 0; i < links.size(); i++) {
        result = result == null ? ended.result() : result;
        String source = ended.execution().id().value();
        followed.add(
            new Followed(
                new Cause(ended.job().id().namespace(), source, field + "/" + i),
                links.get(i),
                "ch_" + source + "_" + field + "_" + i,
                ended.at(now),
                ended.depth(),
                result));
      }
    }
    return followed;
  }

  /** Which links an end follows. */
  static List<String> fields(ExecutionState state) {
    return switch (state) {
      case SUCCEEDED -> List.of(Link.ON_SUCCESS, Link.ON_COMPLETE);
      case FAILED -> List.of(Link.ON_FAILURE, Link.ON_COMPLETE);
      case CANCELLED -> List.of(Link.ON_COMPLETE);
      default -> List.of();
    };
  }

  /**
   * What one link starts.
   *
   * @param tasks those that there are, of the links of this batch
   */
  Follower follower(Followed followed, Map<TaskId, Task> tasks) {
    int depth = followed.depth() + 1;
    if (depth > Link.DEEPEST) {
      return new Refused(
          followed.cause(),
          "chain_too_deep",
          "it would be the run after " + Link.DEEPEST + " others: a chain ends here");
    }
    Faults faults = new Faults();
    String pointer = "/" + followed.cause().place() + "/parameters";
    ObjectNode given = (ObjectNode) Values.node(followed.link().parameters());
    ObjectNode parameters = new Result(followed.result(), faults).fill(given, pointer);
    if (!faults.isEmpty()) {
      return refused(followed.cause(), faults);
    }
    String job = followed.link().job();
    if (job != null) {
      JobId id = new JobId(followed.cause().namespace(), job);
      return new Follower.NewRun(
          followed.cause(),
          id,
          ExecutionId.following(
              id, followed.cause().source(), followed.cause().place(), followed.ended()),
          Values.of(parameters),
          depth);
    }
    return made(followed, parameters, tasks, depth);
  }

  private Follower made(
      Followed followed, ObjectNode parameters, Map<TaskId, Task> tasks, int depth) {
    ObjectNode body = StrictJson.object().put("task", followed.link().task());
    if (!parameters.isEmpty()) {
      body.set("parameters", parameters);
    }
    Faults faults = new Faults();
    InstantSource then = InstantSource.fixed(followed.ended());
    TargetRules inside =
        followed.task().stream()
            .map(tasks::get)
            .filter(Objects::nonNull)
            .<TargetRules>map(task -> SecretsOfTask.in(rules, task))
            .findFirst()
            .orElse(rules);
    Job job =
        new JobReader(inside, KnownCalendars.NONE, new KnownTasks(tasks), then)
            .read(body, new JobId(followed.cause().namespace(), followed.id()), faults);
    if (job == null) {
      return refused(followed.cause(), faults);
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(Origin.FOLLOWS, followed.cause().source());
    facts.put(Origin.DEPTH, depth);
    return new Follower.NewJob(
        followed.cause(), job.withOrigin(new Origin(Origin.Call.CHAIN, facts)));
  }

  static Refused refused(Cause cause, Faults faults) {
    List<Fault> found = faults.list();
    String details =
        found.stream()
            .limit(5)
            .map(fault -> fault.pointer() + ": " + fault.detail())
            .collect(Collectors.joining("; "));
    return new Refused(cause, found.get(0).code(), details);
  }
}
