package io.carillon;

import io.carillon.history.JobCodec;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.spec.JobWriter;
import io.carillon.spec.TaskWriter;
import io.carillon.task.TaskCodec;

/** Stores definitions of jobs and tasks as canonical JSON. Thread-safe. */
final class SpecCodec implements JobCodec, TaskCodec {
  private final JobWriter writer = new JobWriter();
  private final TaskWriter tasks = new TaskWriter();

  @Override
  public String store(Task task) {
    return tasks.store(task);
  }

  @Override
  public Task parse(TaskId id, String definition) {
    return tasks.parse(id, definition);
  }

  @Override
  public String store(Job job) {
    return writer.store(job);
  }

  @Override
  public Job parse(JobId id, String spec) {
    return writer.parse(id, spec);
  }
}
