package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.history.DayPartitions.Partition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes away executions and attempts from before an instant. Used by one thread. */
final class OldHistory {
  private static final int MOST_CHUNKS = 100;

  private final Connection connection;
  private final Instant before;

  int dropped;
  int kept;
  int postponed;
  int rows;

  OldHistory(Connection connection, Instant before) {
    this.connection = connection;
    this.before = before;
  }

  void takeAway() throws SQLException {
    for (DayPartitions table : DayPartitions.ALL) {
      Instant begin = Instant.EPOCH;
      for (Partition partition : table.read(connection)) {
        if (partition.isDay() && !partition.end().isAfter(before)) {
          takeAway(table, partition, begin);
        }
        begin = partition.end();
      }
    }
    Instant end = endOfOld();
    rows += delete(DELETE_EXECUTIONS, end) + delete(DELETE_ATTEMPTS, end);
  }

  private void takeAway(DayPartitions table, Partition partition, Instant begin)
      throws SQLException {
    if (hasUnfinished(begin, partition.end())) {
      kept++;
    } else if (table.drop(connection, partition)) {
      dropped++;
    } else {
      postponed++;
    }
  }

  /** By {@code execution_by_state}, in the partitions between. */
  private boolean hasUnfinished(Instant begin, Instant end) throws SQLException {
    List<String> namespaces =
        Sql.query(
            connection, "SELECT DISTINCT namespace FROM job", row -> row.getString("namespace"));
    if (namespaces.isEmpty()) {
      return false;
    }
    List<Object> values = new ArrayList<>(namespaces);
    values.add(begin);
    values.add(end);
    return !Sql.query(
            connection,
            """
            SELECT 1 FROM execution FORCE INDEX (execution_by_state)
            WHERE namespace IN (%s) AND state IN ('SCHEDULED', 'QUEUED', 'RUNNING', 'RETRYING')
              AND scheduled_at >= ? AND scheduled_at < ?
            LIMIT 1
            """
                .formatted(Sql.places(namespaces.size())),
            row -> true,
            values)
        .isEmpty();
  }

  /** {@code p_old} holds what lies before the first day there ever was; it cannot be dropped. */
  private Instant endOfOld() throws SQLException {
    for (Partition partition : DayPartitions.ALL.get(0).read(connection)) {
      if (partition.name().equals("p_old") && partition.end().isBefore(before)) {
        return partition.end();
      }
    }
    return before;
  }

  private static final String DELETE_EXECUTIONS =
      """
      DELETE FROM execution
      WHERE scheduled_at < ? AND state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
      LIMIT 500
      """;

  private static final String DELETE_ATTEMPTS =
      """
      DELETE FROM attempt
      WHERE scheduled_at < ? AND NOT EXISTS (
        SELECT 1 FROM execution
        WHERE execution.id = attempt.execution_id
          AND execution.scheduled_at = attempt.scheduled_at)
      LIMIT 500
      """;

  private int delete(String statement, Instant end) throws SQLException {
    return InChunks.delete(connection, statement, MOST_CHUNKS, end);
  }
}
