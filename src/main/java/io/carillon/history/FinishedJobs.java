package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes away jobs that finished long ago and of which no execution and no dead letter is left. It
 * walks along them as they finished and remembers how far it came: those that stay are in nobody's
 * way. For one thread.
 */
final class FinishedJobs implements OldRows {
  private final Duration retention;
  private final Deque<Lane> lanes = new ArrayDeque<>();
  private final Map<Lane, Mark> passed = new HashMap<>();

  /** Jobs that ended in one way. */
  private record Lane(String namespace, String state) {}

  /** How far a walk has come. */
  private record Mark(Instant finishedAt, String id) {
    static final Mark BEGIN = new Mark(Instant.EPOCH, "");
  }

  private record Found(JobId id, Instant finishedAt) {}

  FinishedJobs(Duration retention) {
    this.retention = retention;
  }

  @Override
  public void again() {
    if (lanes.isEmpty()) {
      passed.clear();
    }
  }

  /** Whole days: before its day is dropped, a job has executions. */
  @Override
  public Page next(Connection connection, Instant now) throws SQLException {
    Instant before = now.minus(retention).truncatedTo(ChronoUnit.DAYS);
    if (lanes.isEmpty()) {
      lanes.addAll(lanes(connection, before));
    }
    if (lanes.isEmpty()) {
      return Page.NOTHING;
    }
    Lane lane = lanes.element();
    List<Found> found = page(connection, lane, passed.getOrDefault(lane, Mark.BEGIN), before);
    int gone = takeAway(connection, found.stream().map(Found::id).toList(), before);
    if (!found.isEmpty()) {
      Found last = found.get(found.size() - 1);
      passed.put(lane, new Mark(last.finishedAt(), last.id().value()));
    }
    if (found.size() < PAGE) {
      lanes.remove();
    }
    return new Page(gone, !lanes.isEmpty());
  }

  /** Those in which there is anything, by {@code job_by_state}. */
  private static List<Lane> lanes(Connection connection, Instant before) throws SQLException {
    String any =
        """
        (SELECT 1 FROM job FORCE INDEX (job_by_state)
         WHERE job.namespace = here.namespace AND job.state = '%s' AND job.finished_at < ?
         LIMIT 1)""";
    List<Lane> lanes = new ArrayList<>();
    Sql.query(
        connection,
        """
        SELECT namespace, %s AS completed, %s AS cancelled
        FROM (SELECT DISTINCT namespace FROM job) AS here
        """
            .formatted(any.formatted("COMPLETED"), any.formatted("CANCELLED")),
        row -> {
          String namespace = row.getString("namespace");
          if (row.getBoolean("completed")) {
            lanes.add(new Lane(namespace, "COMPLETED"));
          }
          return row.getBoolean("cancelled") && lanes.add(new Lane(namespace, "CANCELLED"));
        },
        before,
        before);
    return lanes;
  }

  /** By {@code job_by_state}, whose entries end with the id; without locks. */
  private static List<Found> page(Connection connection, Lane lane, Mark mark, Instant before)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT namespace, id, finished_at
        FROM job FORCE INDEX (job_by_state)
        WHERE namespace = ? AND state = ? AND finished_at < ? AND finished_at >= ?
          AND (finished_at > ? OR id > ?)
        ORDER BY finished_at, id
        LIMIT %d
        """
            .formatted(PAGE),
        row -> new Found(id(row), Instant.ofEpochMilli(row.getLong("finished_at"))),
        lane.namespace(),
        lane.state(),
        before,
        mark.finishedAt(),
        mark.finishedAt(),
        mark.id());
  }

  private static int takeAway(Connection connection, List<JobId> candidates, Instant before)
      throws SQLException {
    if (candidates.isEmpty()) {
      return 0;
    }
    connection.setAutoCommit(false);
    try {
      int deleted = delete(connection, candidates, before);
      connection.commit();
      return deleted;
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
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
