package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.NextStep.Await;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import io.carillon.job.Async;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single executions, and table {@code awaited}. Deadlines are the database's. Stateless. */
final class SingleRuns implements RunRows {
  static final SingleRuns ROWS = new SingleRuns();

  private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

  /** An instant that is past for every clock. */
  private static final int AT_ONCE = 0;

  private static final String COLUMNS =
      """
      e.id, e.namespace, e.job_id, e.state, e.generation, e.attempt, e.uncounted, e.node,
        e.started_at, e.http_status, e.cancel_requested_at""";

  private SingleRuns() {}

  /** By primary key, in one partition. */
  @Override
  public Optional<Run> find(Connection connection, ExecutionId id) throws SQLException {
    return Sql.queryOne(
        connection,
        """
        SELECT %s
        FROM execution AS e
        WHERE e.id = ? AND e.scheduled_at = ?
        """
            .formatted(COLUMNS),
        row -> run(row, null),
        id.value(),
        id.scheduledAt());
  }

  @Override
  public void await(Connection connection, List<Completion> completions) throws SQLException {
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

  /** By {@code awaited_by_due}, and primary keys. */
  @Override
  public List<Run> due(Connection connection, int most) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %s, a.awaits_until <= %s AS late
        FROM awaited AS a FORCE INDEX (awaited_by_due)
          STRAIGHT_JOIN execution AS e FORCE INDEX (PRIMARY)
            ON e.id = a.execution_id AND e.scheduled_at = a.scheduled_at
        WHERE a.due_at <= %s
        ORDER BY a.due_at
        LIMIT ?
        """
            .formatted(COLUMNS, NOW, NOW),
        row -> run(row, row.getBoolean("late") ? Missed.OUTCOME : Missed.HEARTBEAT),
        most);
  }

  /** By primary key. */
  @Override
  public Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids)
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

  @Override
  public void adopt(Connection connection, Collection<ExecutionId> ids) throws SQLException {
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

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Sql.update(
          connection,
          "DELETE FROM awaited WHERE execution_id IN (%s) AND due_at <= %s"
              .formatted(Sql.paddedPlaces(chunk.size()), NOW),
          padded(chunk));
    }
  }

  @Override
  public void release(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Sql.update(
          connection,
          "DELETE FROM awaited WHERE execution_id IN (%s)"
              .formatted(Sql.paddedPlaces(chunk.size())),
          padded(chunk));
    }
  }

  @Override
  public void cancelling(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      List<@Nullable Object> due = new ArrayList<>();
      due.add(AT_ONCE);
      due.addAll(padded(chunk));
      Sql.update(
          connection,
          "UPDATE awaited SET due_at = ? WHERE execution_id IN (%s)"
              .formatted(Sql.paddedPlaces(chunk.size())),
          due);
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET cancel_requested_at = COALESCE(cancel_requested_at, ?)
          WHERE %s AND state = 'RUNNING'
          """
              .formatted(keys.condition()),
          keys.after(now));
    }
    OvertakenRows.note(connection, nodes, now);
  }

  @Override
  public void cancel(Connection connection, ExecutionId id, Instant now) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE execution
        SET state = 'CANCELLED', reason = ?, finished_at = ?, next_attempt_at = NULL
        WHERE id = ? AND scheduled_at = ? AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
        """,
        Reasons.CANCELLED,
        now,
        id.value(),
        id.scheduledAt());
  }

  /** Its last attempt gets a row, as it is not the last one any more. */
  @Override
  public void again(Connection connection, ExecutionId id) throws SQLException {
    DeadLetterRows.forget(connection, id);
    Sql.update(
        connection,
        """
        INSERT INTO attempt (execution_id, n, scheduled_at, node, started_at, finished_at,
          http_status, reason, error, counted)
        SELECT e.id, e.attempt, e.scheduled_at, e.node, e.started_at, e.finished_at,
          e.http_status, e.reason, e.error, TRUE
        FROM execution AS e
        WHERE e.id = ? AND e.scheduled_at = ? AND e.attempt > 0 AND e.node IS NOT NULL
          AND e.started_at IS NOT NULL
        ON DUPLICATE KEY UPDATE n = VALUES(n)
        """,
        id.value(),
        id.scheduledAt());
    Sql.update(
        connection,
        """
        UPDATE execution
        SET state = 'QUEUED', reason = ?, uncounted = attempt, deaths = 0, finished_at = NULL,
          next_attempt_at = NULL, cancel_requested_at = NULL
        WHERE id = ? AND scheduled_at = ?
        """,
        Reasons.RETRY_REQUESTED,
        id.value(),
        id.scheduledAt());
  }

  @Override
  public void lost(
      Connection connection,
      Collection<ExecutionId> ids,
      ExecutionState state,
      String reason,
      String lostBy,
      Instant now)
      throws SQLException {
    WaitingRows.lost(connection, ids, state, reason, lostBy, now);
    if (state == ExecutionState.FAILED) {
      DeadLetterRows.note(connection, ids);
    }
  }

  private static List<@Nullable Object> padded(List<ExecutionId> ids) {
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    return values;
  }

  private static Run run(ResultSet row, @Nullable Missed missed) throws SQLException {
    return new Run(
        new ExecutionId(row.getString("id")),
        new JobId(row.getString("namespace"), row.getString("job_id")),
        ExecutionState.valueOf(row.getString("state")),
        row.getInt("generation"),
        row.getInt("attempt"),
        row.getInt("uncounted"),
        row.getString("node"),
        Sql.instant(row, "started_at"),
        Sql.integer(row, "http_status"),
        Sql.instant(row, "cancel_requested_at") != null,
        missed);
  }
}
