package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Reasons;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executions that end because another takes their place, and the calls to be broken off. Stateless.
 */
final class OvertakenRows {
  /**
   * Takes away what was asked for before an instant. Without an index: there is a row only while a
   * node has not heard of it.
   */
  static final String FORGET = "DELETE FROM cancellation WHERE requested_at < ? LIMIT 500";

  private OvertakenRows() {}

  /** By primary key; what has ended meanwhile stays as it ended. */
  static void end(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET state = 'CANCELLED', reason = ?, finished_at = ?, next_attempt_at = NULL
          WHERE %s AND state IN ('SCHEDULED', 'QUEUED', 'RUNNING', 'RETRYING')
          """
              .formatted(keys.condition()),
          keys.after(Reasons.OVERLAP, now));
    }
    note(connection, nodes, now);
  }

  /** Has nodes break calls off. */
  static void note(Connection connection, Map<ExecutionId, String> nodes, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> calls = new ArrayList<>();
    nodes.forEach((id, node) -> calls.add(Arrays.asList(node, id.value(), now)));
    Sql.insert(
        connection,
        """
        INSERT INTO cancellation (node, execution_id, requested_at)
        VALUES (?, ?, ?)
        ON DUPLICATE KEY UPDATE requested_at = VALUES(requested_at)
        """,
        calls);
  }

  /** By primary key. */
  static List<ExecutionId> take(Connection connection, String node) throws SQLException {
    List<ExecutionId> ids =
        Sql.query(
            connection,
            "SELECT execution_id FROM cancellation WHERE node = ?",
            row -> new ExecutionId(row.getString(1)),
            node);
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      List<@Nullable Object> values = new ArrayList<>();
      values.add(node);
      Sql.pad(values, chunk.stream().map(ExecutionId::value).toList());
      Sql.update(
          connection,
          """
          DELETE FROM cancellation WHERE node = ? AND execution_id IN (%s)
          """
              .formatted(Sql.paddedPlaces(chunk.size())),
          values);
    }
    return ids;
  }
}
