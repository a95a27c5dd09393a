package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what attempts report, and that they live: three statements for up to 500. Locks awaited
 * rows first, then executions. Stateless.
 */
final class ProgressRows {
  private ProgressRows() {}

  /** An attempt of an execution. */
  record Attempt(ExecutionId id, int n) {}

  /**
   * Writes reports.
   *
   * @param reports at most 500, of one attempt each, no two of one execution
   * @return the attempts that run still; nothing is written of the others
   */
  static Set<Attempt> write(Connection connection, Map<Attempt, Progress> reports)
      throws SQLException {
    List<Attempt> attempts = List.copyOf(reports.keySet());
    beat(connection, attempts);
    Set<Attempt> running = running(connection, attempts);
    running.retainAll(reports.keySet());
    note(connection, reports, running);
    return running;
  }

  /** By primary key. One that is to be cancelled stays due. */
  private static void beat(Connection connection, List<Attempt> attempts) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, attempts.stream().map(attempt -> attempt.id().value()).toList());
    for (Attempt attempt : attempts) {
      values.add(attempt.id().value());
      values.add(attempt.n());
    }
    Sql.update(
        connection,
        """
        UPDATE awaited FORCE INDEX (PRIMARY)
        SET due_at =
          LEAST(awaits_until, CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + heartbeat_ms)
        WHERE execution_id IN (%s) AND (execution_id, attempt) IN (%s)
          AND heartbeat_ms IS NOT NULL AND due_at > 0
        """
            .formatted(Sql.paddedPlaces(attempts.size()), Sql.rows(attempts.size(), 2)),
        values);
  }

  /** Locks those that run, by primary key. */
  private static Set<Attempt> running(Connection connection, List<Attempt> attempts)
      throws SQLException {
    Keys keys = Keys.ofExecutions("", attempts.stream().map(Attempt::id).toList());
    return new HashSet<>(
        Sql.query(
            connection,
            """
            SELECT id, attempt
            FROM execution FORCE INDEX (PRIMARY)
            WHERE %s AND state = 'RUNNING'
            ORDER BY id
            FOR UPDATE
            """
                .formatted(keys.condition()),
            row -> new Attempt(new ExecutionId(row.getString("id")), row.getInt("attempt")),
            keys.values()));
  }

  /** The rows are there, and locked: what an insert needs beside the key is never written. */
  private static void note(
      Connection connection, Map<Attempt, Progress> reports, Set<Attempt> running)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Attempt attempt : running) {
      Progress progress = reports.get(attempt);
      if (progress != null) {
        rows.add(
            Arrays.asList(
                attempt.id().value(),
                attempt.id().scheduledAt(),
                progress.percent(),
                progress.note(),
                progress.at()));
      }
    }
    Sql.insert(
        connection,
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
          attempt, progress_percent, progress_note, progress_at)
        VALUES (?, ?, '', '', 0, '', 'RUNNING', 0, ?, ?, ?)
        ON DUPLICATE KEY UPDATE progress_percent = VALUES(progress_percent),
          progress_note = VALUES(progress_note), progress_at = VALUES(progress_at)
        """,
        rows);
  }
}
