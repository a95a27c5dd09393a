package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes away jobs that finished long ago and of which no execution and no dead letter is left.
 * Stateless.
 */
final class FinishedJobs {
  private static final int MOST_CANDIDATES = 10_000;

  private FinishedJobs() {}

  static int takeAway(Connection connection, Instant before) throws SQLException {
    int deleted = 0;
    for (List<JobId> chunk : Chunks.of(candidates(connection, before))) {
      connection.setAutoCommit(false);
      try {
        deleted += delete(connection, chunk, before);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    return deleted;
  }

  /** By {@code job_by_state}, without locks. */
  private static List<JobId> candidates(Connection connection, Instant before) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT job.namespace, job.id
        FROM (SELECT DISTINCT namespace FROM job) AS here
        STRAIGHT_JOIN job FORCE INDEX (job_by_state) ON job.namespace = here.namespace
          AND job.state IN ('COMPLETED', 'CANCELLED') AND job.finished_at < ?
        LIMIT ?
        """,
        FinishedJobs::id,
        before,
        MOST_CANDIDATES);
  }

  /**
   * Locks the rows first, as a run by hand and a change do: what has come to life again since, or
   * is being changed just now, stays.
   */
  private static int delete(Connection connection, List<JobId> candidates, Instant before)
      throws SQLException {
    Keys keys = Keys.ofJobs("id", candidates);
    List<Object> values = new ArrayList<>(keys.values());
    values.add(before);
    List<JobId> locked =
        Sql.query(
            connection,
            """
            SELECT namespace, id FROM job FORCE INDEX (PRIMARY)
            WHERE %s AND state IN ('COMPLETED', 'CANCELLED') AND finished_at < ?
            ORDER BY namespace, id
            FOR UPDATE SKIP LOCKED
            """
                .formatted(keys.condition()),
            FinishedJobs::id,
            values);
    List<JobId> gone = withoutExecutions(connection, locked);
    if (gone.isEmpty()) {
      return 0;
    }
    Keys byJob = Keys.ofJobs("job_id", gone);
    Keys byId = Keys.ofJobs("id", gone);
    Sql.update(connection, "DELETE FROM job_label WHERE " + byJob.condition(), byJob.values());
    Sql.update(connection, "DELETE FROM job_calendar WHERE " + byJob.condition(), byJob.values());
    Sql.update(connection, "DELETE FROM job_version WHERE " + byId.condition(), byId.values());
    return Sql.update(connection, "DELETE FROM job WHERE " + byId.condition(), byId.values());
  }

  private static List<JobId> withoutExecutions(Connection connection, List<JobId> jobs)
      throws SQLException {
    if (jobs.isEmpty()) {
      return jobs;
    }
    Keys keys = Keys.ofJobs("job_id", jobs);
    List<JobId> left = new ArrayList<>(jobs);
    left.removeAll(
        Sql.query(
            connection,
            """
            SELECT DISTINCT namespace, job_id AS id
            FROM execution FORCE INDEX (execution_by_job)
            WHERE %s
            """
                .formatted(keys.condition()),
            FinishedJobs::id,
            keys.values()));
    left.removeAll(
        Sql.query(
            connection,
            """
            SELECT DISTINCT namespace, job_id AS id
            FROM dead_letter FORCE INDEX (dead_letter_by_job)
            WHERE %s
            """
                .formatted(keys.condition()),
            FinishedJobs::id,
            keys.values()));
    return left;
  }

  private static JobId id(ResultSet row) throws SQLException {
    return new JobId(row.getString("namespace"), row.getString("id"));
  }
}
