package io.carillon.job;

import io.carillon.job.Jobs.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of tasks. A change returns only when it is on disk; jobs that were made before keep
 * the target they have. Thread-safe; every call is at most three indexed statements. All may throw
 * {@link JobExceptions.StoreUnavailable}.
 */
public interface Tasks {
  /** A catalogue that holds nothing and takes nothing. */
  Tasks NONE = new KnownTasks(Map.of());

  Optional<StoredTask> find(TaskId id);

  /**
   * By id.
   *
   * @throws Jobs.BadCursor for a cursor that this server did not make
   */
  Page<StoredTask> list(String namespace, @Nullable String cursor, int limit);

  /** The first ids in their order; for suggestions. */
  List<String> ids(String namespace, int most);

  /**
   * Stores a task, new or in place of the one that is there.
   *
   * @param mustBeNew then {@link Conflict} if it is there
   * @param expectedVersion then {@link Conflict} if it is another, or there is none
   */
  Put put(Task task, boolean mustBeNew, OptionalLong expectedVersion);

  /**
   * Removes a task.
   *
   * @param expectedVersion then {@link Conflict} if it is another
   * @return whether it was there
   */
  boolean delete(TaskId id, OptionalLong expectedVersion);

  /** What a put did. */
  record Put(StoredTask stored, boolean created) {}

  /** The task is not at the version that the caller expects. */
  final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long current;

    /**
     * @param current its version; 0 if there is none
     */
    public Conflict(TaskId id, long current) {
      super("task " + id + " is at version " + current);
      this.current = current;
    }

    public long current() {
      return current;
    }
  }
}
