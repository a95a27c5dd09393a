package io.carillon.task;

import io.carillon.job.Task;
import io.carillon.job.TaskId;

/** Goes between tasks and the text that is stored. Thread-safe. */
public interface TaskCodec {
  String store(Task task);

  /**
   * @throws IllegalArgumentException if the text is damaged
   */
  Task parse(TaskId id, String definition);
}
