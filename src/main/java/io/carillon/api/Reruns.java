package io.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.ProblemException;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.StoredTask;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import io.carillon.spec.Faults;
import io.carillon.spec.JobWriter;
import io.carillon.spec.TaskTargets;
import java.util.Map;

/** Fills the task of a job anew for one run with other parameters. Thread-safe. */
final class Reruns {
  /** What a run by hand replaces: the whole target. */
  static final String TARGET = "target";

  private final Jobs jobs;
  private final Tasks tasks;
  private final TaskTargets targets;

  Reruns(Jobs jobs, Tasks tasks, TargetRules rules) {
    this.jobs = jobs;
    this.tasks = tasks;
    this.targets = new TaskTargets(rules);
  }

  /**
   * @return what to override beside the parameters; empty if faults were noted
   * @throws ProblemException 409 if the task is gone
   */
  Map<String, Object> of(JobId id, ObjectNode parameters, Faults faults) {
    Job job = jobs.find(id).orElseThrow(() -> new UnknownJob(id)).job();
    String name = TaskTargets.taskOf(job).orElse(null);
    if (name == null) {
      faults.add(
          "/parameters",
          "parameters_without_task",
          "this job was not made from a task: replace 'body' or 'headers'");
      return Map.of();
    }
    StoredTask task =
        tasks
            .find(new TaskId(id.namespace(), name))
            .orElseThrow(
                () ->
                    ProblemException.of(
                        409, "task_gone", "the task '" + name + "' of this job is gone"));
    Target target = targets.refill(job, task.task(), parameters, faults);
    return target == null ? Map.of() : Map.of(TARGET, new JobWriter().storeTarget(target));
  }
}
