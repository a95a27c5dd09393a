package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Executions that wait because a limit holds them. Stateless. */
final class HeldRows {
  private HeldRows() {}

  /**
   * One that waits.
   *
   * @param isNew whether it has no row yet
   */
  record Waiting(Firing firing, String reason, boolean isNew) {}

  /**
   * Those that had a row before: a statement for each reason, of which there are few. By primary
   * key; the rows were locked and seen to await exactly the next attempt.
   */
  static void update(Connection connection, Collection<Waiting> waiting) throws SQLException {
    Map<String, List<ExecutionId>> byReason =
        waiting.stream()
            .filter(one -> !one.isNew())
            .collect(
                Collectors.groupingBy(
                    Waiting::reason,
                    TreeMap::new,
                    Collectors.mapping(one -> one.firing().id(), Collectors.toList())));
    for (Map.Entry<String, List<ExecutionId>> entry : byReason.entrySet()) {
      for (List<ExecutionId> chunk : Chunks.of(entry.getValue())) {
        Keys keys = Keys.ofExecutions("", chunk);
        Sql.update(
            connection,
            """
            UPDATE execution FORCE INDEX (PRIMARY)
            SET state = 'QUEUED', reason = ?, next_attempt_at = NULL
            WHERE %s AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
            """
                .formatted(keys.condition()),
            keys.after(entry.getKey()));
      }
    }
  }
}
