package io.carillon.spec;

import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredTask;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tasks as they were when they were first asked for. Thread-safe; meant for one request. */
final class RememberedTasks implements Tasks {
  private final Tasks tasks;
  private final Map<TaskId, Optional<StoredTask>> found = new ConcurrentHashMap<>();

  RememberedTasks(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public Optional<StoredTask> find(TaskId id) {
    return found.computeIfAbsent(id, tasks::find);
  }

  @Override
  public Page<StoredTask> list(String namespace, @Nullable String cursor, int limit) {
    return tasks.list(namespace, cursor, limit);
  }

  @Override
  public List<String> ids(String namespace, int most) {
    return tasks.ids(namespace, most);
  }

  @Override
  public Put put(Task task, boolean mustBeNew, OptionalLong expectedVersion) {
    return tasks.put(task, mustBeNew, expectedVersion);
  }

  @Override
  public boolean delete(TaskId id, OptionalLong expectedVersion) {
    return tasks.delete(id, expectedVersion);
  }
}
