package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep.Await;
import io.carillon.execution.RunRows.Missed;
import io.carillon.execution.RunRows.Run;
import io.carillon.job.Async;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code awaited}: executions whose targets tell the outcome later. Deadlines are the
 * database's. Stateless.
 */
final class AwaitedRows {
  private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

  /** An instant that is past for every clock. */
  private static final int AT_ONCE = 0;

  /** So long a target that nobody listened to is given to try again, if it has not less. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  private AwaitedRows() {}

  static void await(Connection connection, List<Completion> completions) throws SQLException {
    for (List<Completion> chunk : Chunks.of(completions)) {
      List<@Nullable Object> values = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (Completion completion : chunk) {
        Async async = ((Await) completion.next()).async();
        Duration heartbeat = async.heartbeat();
        long timeout = async.timeout().toMillis();
        Long beat = heartbeat == null ? null : heartbeat.toMillis();
        ExecutionId id = completion.firing().id();
        ids.add(id.value());
        values.addAll(
            Arrays.asList(
                id.value(),
                id.scheduledAt(),
                completion.firing().attempt(),
                completion.startedAt(),
                timeout,
                beat,
                beat == null ? timeout : Math.min(timeout, beat)));
      }
      String row = "(?, ?, ?, ?, %s + ?, ?, %s + ?)".formatted(NOW, NOW);
      Sql.update(
          connection,
          """
          INSERT INTO awaited (execution_id, scheduled_at, attempt, started_at, awaits_until,
            heartbeat_ms, due_at)
          VALUES %s
          ON DUPLICATE KEY UPDATE attempt = VALUES(attempt), started_at = VALUES(started_at),
            awaits_until = VALUES(awaits_until), heartbeat_ms = VALUES(heartbeat_ms),
            due_at = VALUES(due_at)
          """
              .formatted(String.join(", ", Collections.nCopies(chunk.size(), row))),
          values);
      List<@Nullable Object> padded = new ArrayList<>();
      Sql.pad(padded, ids);
      Sql.update(
          connection,
          """
          UPDATE awaited AS a STRAIGHT_JOIN execution AS e
            ON e.id = a.execution_id AND e.scheduled_at = a.scheduled_at
          SET e.http_status = 202, e.started_at = a.started_at, e.awaits_until = a.awaits_until
          WHERE a.execution_id IN (%s) AND e.state = 'RUNNING' AND e.attempt = a.attempt
          """
              .formatted(Sql.paddedPlaces(ids.size())),
          padded);
    }
  }

  /**
   * By {@code awaited_by_due}, and primary keys.
   *
   * @param attentive for how long words can have been noted without a gap: if that is less than a
   *     target has for its word, and less than {@link #LONG_ENOUGH}, it may have found nobody to
   *     tell
   */
  static List<Run> due(Connection connection, Duration attentive, int most) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %s, a.awaits_until <= %s AS late
        FROM awaited AS a FORCE INDEX (awaited_by_due)
          STRAIGHT_JOIN execution AS e FORCE INDEX (PRIMARY)
            ON e.id = a.execution_id AND e.scheduled_at = a.scheduled_at
        WHERE a.due_at <= %s
          AND (a.due_at = ?
            OR LEAST(COALESCE(a.heartbeat_ms, a.awaits_until - a.started_at), ?) <= ?)
        ORDER BY a.due_at
        LIMIT ?
        """
            .formatted(SingleRuns.COLUMNS, NOW, NOW),
        row -> SingleRuns.run(row, row.getBoolean("late") ? Missed.OUTCOME : Missed.HEARTBEAT),
        AT_ONCE,
        LONG_ENOUGH.toMillis(),
        attentive.toMillis(),
        most);
  }

  /** By primary key. */
  static Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Set<ExecutionId> due = new HashSet<>();
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      due.addAll(
          Sql.query(
              connection,
              """
              SELECT execution_id
              FROM awaited FORCE INDEX (PRIMARY)
              WHERE execution_id IN (%s) AND due_at <= %s
              FOR UPDATE
              """
                  .formatted(Sql.paddedPlaces(chunk.size()), NOW),
              row -> new ExecutionId(row.getString(1)),
              padded(chunk)));
    }
    return due;
  }

  static void adopt(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(
          connection,
          """
          INSERT IGNORE INTO awaited (execution_id, scheduled_at, attempt, started_at,
            awaits_until, due_at)
          SELECT id, scheduled_at, attempt, COALESCE(started_at, scheduled_at), %s, %s
          FROM execution FORCE INDEX (PRIMARY)
          WHERE %s AND state = 'RUNNING'
          """
              .formatted(NOW, NOW, keys.condition()),
          keys.values());
    }
  }

  static void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Sql.update(
          connection,
          "DELETE FROM awaited WHERE execution_id IN (%s) AND due_at <= %s"
              .formatted(Sql.paddedPlaces(chunk.size()), NOW),
          padded(chunk));
    }
  }

  static void release(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Sql.update(
          connection,
          "DELETE FROM awaited WHERE execution_id IN (%s)"
              .formatted(Sql.paddedPlaces(chunk.size())),
          padded(chunk));
    }
  }

  /** Those of these that are awaited are due, whatever their clocks say. */
  static void endAtOnce(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      List<@Nullable Object> values = new ArrayList<>();
      values.add(AT_ONCE);
      values.addAll(padded(chunk));
      Sql.update(
          connection,
          "UPDATE awaited SET due_at = ? WHERE execution_id IN (%s)"
              .formatted(Sql.paddedPlaces(chunk.size())),
          values);
    }
  }

  private static List<@Nullable Object> padded(List<ExecutionId> ids) {
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    return values;
  }
}
