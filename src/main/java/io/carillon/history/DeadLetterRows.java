package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.LetterRows;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes {@code dead_letter} rows in the store's transactions. Stateless; thread-safe. */
public final class DeadLetterRows implements LetterRows {
  private static final String COLUMNS =
      """
      scheduled_at, job_id, generation, queue, reason, attempt, node, fired_at, started_at,
      http_status, error, response, response_truncated, request""";

  /** By primary key, in the partitions of the instants. */
  private static final String NOTE =
      """
      INSERT INTO dead_letter (namespace, execution_id, died_at, %s)
      SELECT namespace, id, COALESCE(finished_at, scheduled_at), %s
      FROM execution FORCE INDEX (PRIMARY)
      WHERE %s AND state = 'FAILED'
      ON DUPLICATE KEY UPDATE died_at = VALUES(died_at), reason = VALUES(reason),
        attempt = VALUES(attempt), node = VALUES(node), started_at = VALUES(started_at),
        http_status = VALUES(http_status), error = VALUES(error), response = VALUES(response),
        response_truncated = VALUES(response_truncated)
      """;

  /**
   * Makes letters of those that have just ended as FAILED. One statement per 500; none if there are
   * none.
   */
  static void note(Connection connection, Collection<ExecutionId> ended) throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(new LinkedHashSet<>(ended))) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(connection, NOTE.formatted(COLUMNS, COLUMNS, keys.condition()), keys.values());
    }
  }

  /** To be called by whoever lets a failed execution go on without a redrive. */
  static void forget(Connection connection, ExecutionId id) throws SQLException {
    Sql.update(
        connection,
        """
        DELETE letter FROM dead_letter AS letter
          JOIN execution ON execution.namespace = letter.namespace
        WHERE execution.id = ? AND execution.scheduled_at = ? AND letter.execution_id = execution.id
        """,
        id.value(),
        id.scheduledAt());
  }

  @Override
  public Map<ExecutionId, Locked> lock(
      Connection connection, String namespace, Collection<ExecutionId> ids) throws SQLException {
    Map<ExecutionId, Locked> locked = new HashMap<>();
    for (List<ExecutionId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Sql.query(
          connection,
          """
          SELECT letter.execution_id, letter.job_id, letter.attempt
          FROM dead_letter AS letter FORCE INDEX (PRIMARY)
            LEFT JOIN execution FORCE INDEX (PRIMARY) ON execution.id = letter.execution_id
              AND execution.scheduled_at = letter.scheduled_at
          WHERE letter.namespace = ? AND letter.execution_id IN (%s)
            AND COALESCE(execution.state, 'FAILED') = 'FAILED'
          ORDER BY letter.execution_id
          FOR UPDATE
          """
              .formatted(Sql.paddedPlaces(chunk.size())),
          row -> {
            ExecutionId id = new ExecutionId(row.getString("execution_id"));
            JobId job = new JobId(namespace, row.getString("job_id"));
            return locked.put(id, new Locked(job, row.getInt("attempt")));
          },
          named(namespace, chunk));
    }
    return locked;
  }

  @Override
  public void revive(Connection connection, String namespace, Map<ExecutionId, Instant> due)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(due.keySet())) {
      List<Object> named = named(namespace, chunk);
      keepAttempts(connection, chunk, named);
      revive(connection, chunk, named, due);
      delete(connection, namespace, chunk);
    }
  }

  /** By primary key. @return how many there were */
  static int delete(Connection connection, String namespace, List<ExecutionId> chunk)
      throws SQLException {
    return Sql.update(
        connection,
        "DELETE FROM dead_letter WHERE namespace = ? AND execution_id IN (%s)"
            .formatted(Sql.paddedPlaces(chunk.size())),
        named(namespace, chunk));
  }

  /** What has a row of its own already stays as it is. */
  private static void keepAttempts(
      Connection connection, List<ExecutionId> chunk, List<Object> named) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO attempt (execution_id, n, scheduled_at, node, started_at, finished_at,
          http_status, reason, error, counted)
        SELECT execution_id, attempt, scheduled_at, node, started_at, died_at, http_status, reason,
          error, TRUE
        FROM dead_letter AS letter FORCE INDEX (PRIMARY)
        WHERE letter.namespace = ? AND letter.execution_id IN (%s) AND letter.attempt > 0
          AND letter.node IS NOT NULL AND letter.started_at IS NOT NULL
        ON DUPLICATE KEY UPDATE n = VALUES(n)
        """
            .formatted(Sql.paddedPlaces(chunk.size())),
        named);
  }

  /** An execution that retention took away meanwhile is there again. */
  private static void revive(
      Connection connection,
      List<ExecutionId> chunk,
      List<Object> named,
      Map<ExecutionId, Instant> due)
      throws SQLException {
    StringBuilder instants = new StringBuilder();
    List<@Nullable Object> values = new ArrayList<>(List.of(Reasons.REDRIVEN));
    for (ExecutionId id : chunk) {
      instants.append(" WHEN ? THEN ?");
      values.addAll(Arrays.asList(id.value(), due.get(id)));
    }
    values.addAll(named);
    Sql.update(
        connection,
        """
        INSERT INTO execution (id, namespace, state, uncounted, next_attempt_at, %s)
        SELECT execution_id, namespace, 'RETRYING', attempt,
          due, scheduled_at, job_id, generation, queue, ?, attempt, node, fired_at, started_at,
          http_status, error, response, response_truncated, request
        FROM (
          SELECT letter.*, CASE execution_id%s END AS due
          FROM dead_letter AS letter FORCE INDEX (PRIMARY)
          WHERE letter.namespace = ? AND letter.execution_id IN (%s)) AS redriven
        ON DUPLICATE KEY UPDATE state = VALUES(state), reason = VALUES(reason),
          uncounted = VALUES(uncounted), deaths = 0, finished_at = NULL,
          next_attempt_at = VALUES(next_attempt_at)
        """
            .formatted(COLUMNS, instants, Sql.paddedPlaces(chunk.size())),
        values);
  }

  private static List<Object> named(String namespace, Collection<ExecutionId> ids) {
    List<Object> values = new ArrayList<>(List.of(namespace));
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    return values;
  }
}
