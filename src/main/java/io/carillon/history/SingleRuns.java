package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single executions. Stateless. */
final class SingleRuns implements RunRows {
  static final SingleRuns ROWS = new SingleRuns();

  /** Of {@code execution AS e}: what {@link #run} reads. */
  static final String COLUMNS =
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
    AwaitedRows.await(connection, completions);
  }

  @Override
  public List<Run> due(Connection connection, Duration attentive, int most) throws SQLException {
    return AwaitedRows.due(connection, attentive, most);
  }

  @Override
  public Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    return AwaitedRows.stillDue(connection, ids);
  }

  @Override
  public void adopt(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    AwaitedRows.adopt(connection, ids);
  }

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    AwaitedRows.forget(connection, ids);
  }

  @Override
  public void release(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    AwaitedRows.release(connection, ids);
  }

  @Override
  public void cancelling(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    AwaitedRows.endAtOnce(connection, ids);
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
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

  static Run run(ResultSet row, @Nullable Missed missed) throws SQLException {
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
