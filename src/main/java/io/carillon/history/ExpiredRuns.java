package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Reasons;
import io.carillon.execution.Settlement;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Planned instants that had to wait, for a limit or another run of their job, until they were later
 * than their job may be. Stateless.
 */
final class ExpiredRuns {
  private ExpiredRuns() {}

  /** Those of a batch. What was begun once, or asked for by a person, does not expire. */
  static Map<ExecutionId, JobId> among(
      Collection<Due> due, Map<JobId, DueJob> known, Map<ExecutionId, DueRow> rows, Instant now) {
    Map<ExecutionId, JobId> expired = new LinkedHashMap<>();
    for (Due one : due) {
      ExecutionId id = one.id();
      DueRow row = id == null ? null : rows.get(id);
      DueJob job = known.get(one.jobId());
      if (id != null
          && row != null
          && job != null
          && row.awaits(1)
          && row.uncounted() == 0
          && id.equals(ExecutionId.planned(one.jobId(), row.generation(), id.scheduledAt()))
          && Settlement.isExpired(job.job().job(), id.scheduledAt(), now)) {
        expired.put(id, one.jobId());
      }
    }
    return expired;
  }

  /** By primary key; the rows were locked and seen to wait. */
  static void skip(Connection connection, Collection<ExecutionId> ids, Instant now)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET state = 'SKIPPED', reason = ?, finished_at = ?, next_attempt_at = NULL,
            span_to = scheduled_at, span_count = 1
          WHERE %s AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
          """
              .formatted(keys.condition()),
          keys.after(Reasons.EXPIRED, now));
    }
  }
}
