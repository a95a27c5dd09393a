package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executions that are run after the fact. Stateless. */
final class BackfillRows {
  private BackfillRows() {}

  /** Index execution_by_job; the partitions are those of the instants. */
  static Set<Instant> begun(Connection connection, JobId id, Instant from, Instant to)
      throws SQLException {
    return new HashSet<>(
        Sql.query(
            connection,
            """
            SELECT scheduled_at
            FROM execution FORCE INDEX (execution_by_job)
            WHERE namespace = ? AND job_id = ? AND id >= ? AND id < ?
              AND scheduled_at BETWEEN ? AND ? AND state <> 'SKIPPED'
            """,
            row -> Instant.ofEpochMilli(row.getLong(1)),
            id.namespace(),
            id.value(),
            ExecutionId.lowest(from),
            ExecutionId.lowest(to.plusMillis(1)),
            from,
            to));
  }

  static void insert(Connection connection, List<ExecutionId> ids, StoredJob job)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (ExecutionId id : chunk) {
        rows.add(
            Arrays.asList(
                id.value(),
                id.scheduledAt(),
                job.id().namespace(),
                job.id().value(),
                job.generation(),
                job.job().queue(),
                ExecutionState.QUEUED,
                Reasons.BACKFILL,
                0));
      }
      Sql.insert(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            reason, attempt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          rows);
    }
  }
}
