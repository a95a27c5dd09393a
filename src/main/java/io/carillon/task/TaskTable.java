package io.carillon.task;

import io.carillon.db.Sql;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.TaskRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tasks on the connection of a transaction. Thread-safe. */
public final class TaskTable implements TaskRows {
  private static final Logger LOG = LoggerFactory.getLogger(TaskTable.class);

  private final TaskCodec codec;

  public TaskTable(TaskCodec codec) {
    this.codec = codec;
  }

  /** By primary key. */
  @Override
  public Map<TaskId, Task> read(Connection connection, Collection<TaskId> ids) throws SQLException {
    Map<TaskId, Task> tasks = new HashMap<>();
    Map<String, List<String>> byNamespace = new LinkedHashMap<>();
    for (TaskId id : ids) {
      byNamespace.computeIfAbsent(id.namespace(), same -> new ArrayList<>()).add(id.value());
    }
    for (Map.Entry<String, List<String>> wanted : byNamespace.entrySet()) {
      List<Object> values = new ArrayList<>(List.of(wanted.getKey()));
      Sql.pad(values, wanted.getValue());
      Sql.query(
          connection,
          "SELECT id, definition FROM task WHERE namespace = ? AND id IN (%s)"
              .formatted(Sql.paddedPlaces(wanted.getValue().size())),
          row -> put(tasks, wanted.getKey(), row),
          values);
    }
    return tasks;
  }

  private boolean put(Map<TaskId, Task> tasks, String namespace, ResultSet row)
      throws SQLException {
    TaskId id = new TaskId(namespace, row.getString("id"));
    try {
      tasks.put(id, codec.parse(id, row.getString("definition")));
      return true;
    } catch (IllegalArgumentException e) {
      LOG.error("task {} cannot be read: {}", id, e.toString());
      return false;
    }
  }
}
