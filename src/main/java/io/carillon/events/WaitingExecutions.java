package io.carillon.events;

import io.carillon.db.Sql;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Executions that end in the store's transactions without a completion, read while somebody
 * listens. Stateless; takes no lock.
 */
final class WaitingExecutions {
  private static final int MOST = 500;

  private WaitingExecutions() {}

  /** Those of a job that wait, as cancelled: to be read before they are. */
  static List<Event> cancelled(Connection connection, JobId job) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT id, queue, attempt FROM execution
        WHERE namespace = ? AND job_id = ? AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
        LIMIT ?
        """,
        row ->
            EventShapes.execution(
                EventKind.CANCELLED,
                job,
                row.getString("queue"),
                new ExecutionId(row.getString("id")),
                ExecutionState.CANCELLED,
                Reasons.CANCELLED,
                row.getInt("attempt")),
        job.namespace(),
        job.value(),
        MOST);
  }

  /** Of some, those that ended for good at an instant. By primary key. */
  static List<Event> ended(Connection connection, Collection<ExecutionId> ids, Instant at)
      throws SQLException {
    List<Event> ended = new ArrayList<>();
    List<ExecutionId> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += MOST) {
      List<ExecutionId> chunk = all.subList(from, Math.min(all.size(), from + MOST));
      List<Object> values = new ArrayList<>();
      Sql.pad(values, chunk.stream().map(ExecutionId::value).toList());
      values.add(chunk.stream().map(ExecutionId::scheduledAt).min(Instant::compareTo).orElse(at));
      values.add(chunk.stream().map(ExecutionId::scheduledAt).max(Instant::compareTo).orElse(at));
      values.add(at);
      ended.addAll(
          Sql.query(
              connection,
              """
              SELECT id, namespace, job_id, queue, state, reason, attempt
              FROM execution FORCE INDEX (PRIMARY)
              WHERE id IN (%s) AND scheduled_at BETWEEN ? AND ?
                AND state IN ('FAILED', 'CANCELLED') AND finished_at = ?
              """
                  .formatted(Sql.paddedPlaces(chunk.size())),
              row -> {
                ExecutionState state = ExecutionState.valueOf(row.getString("state"));
                return EventShapes.execution(
                    state == ExecutionState.FAILED ? EventKind.FAILED : EventKind.CANCELLED,
                    new JobId(row.getString("namespace"), row.getString("job_id")),
                    row.getString("queue"),
                    new ExecutionId(row.getString("id")),
                    state,
                    row.getString("reason"),
                    row.getInt("attempt"));
              },
              values));
    }
    return ended;
  }
}
