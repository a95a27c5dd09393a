package io.carillon.task;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.Jobs.Page;
import io.carillon.job.NameCursor;
import io.carillon.job.StoredTask;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tasks in the table {@code task}, so that every node knows them. */
public final class StoredTasks implements Tasks {
  private static final int TRIES = 5;

  private static final String READ =
      """
      SELECT id, version, definition, created_at, updated_at
        FROM task WHERE namespace = ? AND id = ?
      """;

  /** By the primary key, from behind the last one shown. */
  private static final String READ_PAGE =
      """
      SELECT id, version, definition, created_at, updated_at
        FROM task WHERE namespace = ? AND id > ? ORDER BY id LIMIT ?
      """;

  private static final String READ_IDS =
      "SELECT id FROM task WHERE namespace = ? ORDER BY id LIMIT ?";

  private static final String INSERT =
      """
      INSERT INTO task (namespace, id, version, definition, created_at, updated_at)
      VALUES (?, ?, 1, ?, ?, ?)
      """;

  /** The version in the condition makes one of several writers win. */
  private static final String UPDATE =
      """
      UPDATE task SET version = version + 1, definition = ?, updated_at = ?
       WHERE namespace = ? AND id = ? AND version = ?
      """;

  private static final String DELETE =
      "DELETE FROM task WHERE namespace = ? AND id = ? AND version = ?";

  private final DataSource database;
  private final TaskCodec codec;
  private final InstantSource clock;

  public StoredTasks(DataSource database, TaskCodec codec, InstantSource clock) {
    this.database = database;
    this.codec = codec;
    this.clock = clock;
  }

  @Override
  public Optional<StoredTask> find(TaskId id) {
    return inDatabase(connection -> find(connection, id));
  }

  private Optional<StoredTask> find(Connection connection, TaskId id) throws SQLException {
    return Sql.queryOne(
        connection, READ, row -> stored(id.namespace(), row), id.namespace(), id.value());
  }

  private StoredTask stored(String namespace, ResultSet row) throws SQLException {
    TaskId id = new TaskId(namespace, row.getString("id"));
    return new StoredTask(
        codec.parse(id, row.getString("definition")),
        row.getLong("version"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("updated_at")));
  }

  @Override
  public Page<StoredTask> list(String namespace, @Nullable String cursor, int limit) {
    String after = cursor == null ? "" : NameCursor.name(cursor, TaskId::isValid);
    List<StoredTask> found =
        inDatabase(
            connection ->
                Sql.query(
                    connection,
                    READ_PAGE,
                    row -> stored(namespace, row),
                    namespace,
                    after,
                    limit + 1));
    return Page.of(found, limit, task -> NameCursor.of(task.task().id().value()));
  }

  @Override
  public List<String> ids(String namespace, int most) {
    return inDatabase(
        connection -> Sql.query(connection, READ_IDS, row -> row.getString("id"), namespace, most));
  }

  @Override
  public Put put(Task task, boolean mustBeNew, OptionalLong expectedVersion) {
    String definition = codec.store(task);
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            Put put = tryPut(connection, task, definition, mustBeNew, expectedVersion);
            if (put != null) {
              return put;
            }
          }
          throw new StoreBusy(null);
        });
  }

  /** Null if the row changed between two looks. */
  private @Nullable Put tryPut(
      Connection connection, Task task, String definition, boolean mustBeNew, OptionalLong expected)
      throws SQLException {
    TaskId id = task.id();
    Instant now = Instant.ofEpochMilli(clock.millis());
    Optional<StoredTask> found = find(connection, id);
    long version = found.map(StoredTask::version).orElse(0L);
    if ((mustBeNew && version > 0) || (expected.isPresent() && expected.getAsLong() != version)) {
      throw new Conflict(id, version);
    }
    if (found.isEmpty()) {
      try {
        Sql.update(connection, INSERT, id.namespace(), id.value(), definition, now, now);
        return new Put(new StoredTask(task, 1, now, now), true);
      } catch (SQLIntegrityConstraintViolationException another) {
        return null;
      }
    }
    int changed =
        Sql.update(connection, UPDATE, definition, now, id.namespace(), id.value(), version);
    Instant created = found.get().createdAt();
    return changed == 1 ? new Put(new StoredTask(task, version + 1, created, now), false) : null;
  }

  @Override
  public boolean delete(TaskId id, OptionalLong expectedVersion) {
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            long version = find(connection, id).map(StoredTask::version).orElse(0L);
            if (version > 0
                && expectedVersion.isPresent()
                && expectedVersion.getAsLong() != version) {
              throw new Conflict(id, version);
            }
            if (version == 0
                || Sql.update(connection, DELETE, id.namespace(), id.value(), version) == 1) {
              return version > 0;
            }
          }
          throw new StoreBusy(null);
        });
  }

  private <T> T inDatabase(Reconnecting.Work<T> work) {
    try {
      return Reconnecting.again(database, work);
    } catch (SQLException e) {
      throw StoreUnavailable.of(e);
    }
  }
}
