package io.carillon.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Reads tasks inside a transaction of the store, on its connection. Thread-safe. */
@FunctionalInterface
public interface TaskRows {
  /** Of a server without tasks. */
  TaskRows NONE = (connection, ids) -> Map.of();

  /** Those that there are; one statement, none for no ids. What cannot be read is absent. */
  Map<TaskId, Task> read(Connection connection, Collection<TaskId> ids) throws SQLException;
}
