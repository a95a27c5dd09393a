package io.carillon.api;

import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredTask;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;

/** Tasks in memory. The cursor is the last id shown. */
final class FakeTasks implements Tasks {
  private final ConcurrentSkipListMap<String, StoredTask> stored = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  FakeTasks(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Optional<StoredTask> find(TaskId id) {
    return Optional.ofNullable(stored.get(id.value()));
  }

  @Override
  public Page<StoredTask> list(String namespace, String cursor, int limit) {
    List<StoredTask> rest =
        List.copyOf(stored.tailMap(cursor == null ? "" : cursor, false).values());
    return rest.size() <= limit
        ? new Page<>(rest, null)
        : new Page<>(rest.subList(0, limit), rest.get(limit - 1).task().id().value());
  }

  @Override
  public List<String> ids(String namespace, int most) {
    return stored.keySet().stream().limit(most).toList();
  }

  @Override
  public synchronized Put put(Task task, boolean mustBeNew, OptionalLong expected) {
    String id = task.id().value();
    StoredTask old = stored.get(id);
    long version = old == null ? 0 : old.version();
    if ((mustBeNew && version > 0) || (expected.isPresent() && expected.getAsLong() != version)) {
      throw new Conflict(task.id(), version);
    }
    Instant now = clock.instant();
    StoredTask made = new StoredTask(task, version + 1, old == null ? now : old.createdAt(), now);
    stored.put(id, made);
    return new Put(made, old == null);
  }

  @Override
  public synchronized boolean delete(TaskId id, OptionalLong expected) {
    StoredTask old = stored.get(id.value());
    if (old != null && expected.isPresent() && expected.getAsLong() != old.version()) {
      throw new Conflict(id, old.version());
    }
    return stored.remove(id.value()) != null;
  }
}
