package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.history.DayPartitions.Partition;
import io.carillon.history.OldRows.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes away executions and attempts that are older than they must be kept: days as a whole, and
 * row by row what lies before the first day there is, or in a day that cannot go. For one thread.
 */
final class OldHistory {
  private final Duration retention;
  private final Deque<Walk> keptDays = new ArrayDeque<>();
  private @Nullable Instant endOfOld;

  // Of the last look at days.
  int dropped;
  int kept;
  int postponed;

  /** Along the executions of a day; {@code after} is the last that was looked at. */
  private record Walk(Instant begin, Instant end, String after) {}

  private record Found(ExecutionId id, boolean over) {}

  OldHistory(Duration retention) {
    this.retention = retention;
  }

  /** Days whose last instant is old. */
  void takeAwayDays(Connection connection, Instant now) throws SQLException {
    Instant before = now.minus(retention);
    dropped = 0;
    kept = 0;
    postponed = 0;
    keptDays.clear();
    for (DayPartitions table : DayPartitions.ALL) {
      Instant begin = Instant.EPOCH;
      for (Partition partition : table.read(connection)) {
        if (partition.isDay() && !partition.end().isAfter(before)) {
          takeAway(connection, table, partition, begin);
        }
        begin = partition.end();
      }
    }
    endOfOld = endOfOld(connection, before);
  }

  private void takeAway(
      Connection connection, DayPartitions table, Partition partition, Instant begin)
      throws SQLException {
    if (hasUnfinished(connection, begin, partition.end())) {
      kept++;
      if (table == DayPartitions.ALL.get(0)) {
        keptDays.add(new Walk(begin, partition.end(), ""));
      }
    } else if (table.drop(connection, partition)) {
      dropped++;
    } else {
      postponed++;
    }
  }

  /** By {@code execution_by_state}, in the partitions between. */
  private static boolean hasUnfinished(Connection connection, Instant begin, Instant end)
      throws SQLException {
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
  private static Instant endOfOld(Connection connection, Instant before) throws SQLException {
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

  /** What lies before the first day: a page of each table. */
  OldRows beforeFirstDay() {
    return (connection, now) -> {
      Instant end = endOfOld;
      if (end == null) {
        return Page.NOTHING;
      }
      int executions = Sql.update(connection, DELETE_EXECUTIONS, end);
      int attempts = Sql.update(connection, DELETE_ATTEMPTS, end);
      return new Page(
          executions + attempts, executions == OldRows.PAGE || attempts == OldRows.PAGE);
    };
  }

  /**
   * What is over in days that stay for an execution that is not: one that waits for ever must not
   * keep all that happened beside it.
   */
  OldRows inKeptDays() {
    return (connection, now) -> {
      Walk walk = keptDays.poll();
      if (walk == null) {
        return Page.NOTHING;
      }
      List<Found> found = page(connection, walk);
      if (found.size() == OldRows.PAGE) {
        String last = found.get(OldRows.PAGE - 1).id().value();
        keptDays.addFirst(new Walk(walk.begin(), walk.end(), last));
      }
      List<ExecutionId> over = found.stream().filter(Found::over).map(Found::id).toList();
      return new Page(delete(connection, over), !keptDays.isEmpty());
    };
  }

  /** By primary key, in one partition. */
  private static List<Found> page(Connection connection, Walk walk) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT id, state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED') AS is_over
        FROM execution FORCE INDEX (PRIMARY)
        WHERE scheduled_at >= ? AND scheduled_at < ? AND id > ?
        ORDER BY id
        LIMIT %d
        """
            .formatted(OldRows.PAGE),
        row -> new Found(new ExecutionId(row.getString("id")), row.getBoolean("is_over")),
        walk.begin(),
        walk.end(),
        walk.after());
  }

  /** Looked at again, as one that is over may have been sent once more. */
  private static int delete(Connection connection, List<ExecutionId> over) throws SQLException {
    if (over.isEmpty()) {
      return 0;
    }
    Keys keys = Keys.ofExecutions("", over);
    int gone =
        Sql.update(
            connection,
            """
            DELETE FROM execution
            WHERE %s AND state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
            """
                .formatted(keys.condition()),
            keys.values());
    Sql.update(
        connection,
        """
        DELETE FROM attempt
        WHERE execution_id IN (%s) AND scheduled_at BETWEEN ? AND ? AND NOT EXISTS (
          SELECT 1 FROM execution
          WHERE execution.id = attempt.execution_id
            AND execution.scheduled_at = attempt.scheduled_at)
        """
            .formatted(Sql.paddedPlaces(over.size())),
        keys.values());
    return gone;
  }
}
