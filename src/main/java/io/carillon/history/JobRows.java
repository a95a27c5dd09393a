package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes and locks {@code job} rows with their labels and versions. Thread-safe. */
final class JobRows {
  /** Both tables in one statement, by their primary keys. */
  private static final String FORGET_NAMES =
      """
      DELETE job_label, job_calendar
      FROM job
        LEFT JOIN job_label ON job_label.namespace = job.namespace AND job_label.job_id = job.id
        LEFT JOIN job_calendar
          ON job_calendar.namespace = job.namespace AND job_calendar.job_id = job.id
      WHERE job.namespace = ? AND job.id = ?
      """;

  private final JobRow rows;

  JobRows(JobRow rows) {
    this.rows = rows;
  }

  /** From the versions where there was more than one generation. Primary key. */
  static Map<JobId, Instant> acceptedAt(Connection connection, Collection<StoredJob> jobs)
      throws SQLException {
    Map<JobId, Instant> accepted = new HashMap<>();
    List<StoredJob> changed = new ArrayList<>();
    for (StoredJob job : jobs) {
      accepted.put(job.id(), job.createdAt());
      if (job.generation() > 1) {
        changed.add(job);
      }
    }
    for (List<StoredJob> chunk : Chunks.of(changed)) {
      Keys keys = Keys.ofJobs("version.id", chunk.stream().map(StoredJob::id).toList());
      Sql.query(
          connection,
          """
          SELECT version.namespace, version.id, MIN(version.valid_from)
          FROM job_version AS version FORCE INDEX (PRIMARY)
            STRAIGHT_JOIN job ON job.namespace = version.namespace AND job.id = version.id
          WHERE %s AND version.generation = job.generation
          GROUP BY version.namespace, version.id
          """
              .formatted(keys.condition().replace("(namespace", "(version.namespace")),
          row ->
              accepted.put(
                  new JobId(row.getString(1), row.getString(2)),
                  Instant.ofEpochMilli(row.getLong(3))),
          keys.values());
    }
    return accepted;
  }

  Map<JobId, StoredJob> lock(Connection connection, Collection<JobId> ids) throws SQLException {
    Map<JobId, StoredJob> found = new LinkedHashMap<>();
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofJobs("id", chunk);
      for (StoredJob stored :
          Sql.<@Nullable StoredJob>query(
              connection,
              """
              SELECT * FROM job FORCE INDEX (PRIMARY)
              WHERE %s
              ORDER BY namespace, id
              FOR UPDATE
              """
                  .formatted(keys.condition()),
              rows::read,
              keys.values())) {
        if (stored != null) {
          found.put(stored.id(), stored);
        }
      }
    }
    return found;
  }

  void update(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException {
    Job job = changed.job();
    String namespace = job.id().namespace();
    String id = job.id().value();
    boolean over = changed.state() == JobState.COMPLETED || changed.state() == JobState.CANCELLED;
    String spec = rows.spec(job);
    if (definitionChanged) {
      keepFirstVersion(connection, namespace, id);
      endVersion(connection, namespace, id, changed.updatedAt());
    }
    Sql.update(
        connection,
        """
        UPDATE job
        SET name = ?, queue = ?, priority = ?, host = ?, origin = ?, scheduler = ?, state = ?,
          skip_id = IF(generation = ?, skip_id, NULL), generation = ?, version = ?, runs = ?, pause_reason = ?, pause_until = ?, spec = ?,
          updated_at = ?, finished_at = ?
        WHERE namespace = ? AND id = ?
        """,
        job.name(),
        job.queue(),
        job.priority().number(),
        JobRow.host(job),
        job.origin().call(),
        JobRow.scheduler(job),
        changed.state(),
        changed.generation(),
        changed.generation(),
        changed.version(),
        changed.runs(),
        JobRow.pauseReason(changed),
        JobRow.pauseUntil(changed),
        spec,
        changed.updatedAt(),
        over ? Objects.requireNonNullElse(changed.finishedAt(), changed.updatedAt()) : null,
        namespace,
        id);
    if (!definitionChanged) {
      return;
    }
    Sql.update(connection, FORGET_NAMES, namespace, id);
    NewJobRows.insertLabels(connection, JobRow.labels(job));
    NewJobRows.insertCalendars(connection, JobRow.calendars(job));
    Sql.update(
        connection,
        """
        INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        namespace,
        id,
        changed.version(),
        changed.generation(),
        spec,
        changed.updatedAt());
  }

  /**
   * The first definition of a job stands in its own row alone until another takes its place: most
   * jobs never have one, and are spared the copy.
   */
  private static void keepFirstVersion(Connection connection, String namespace, String id)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
        SELECT job.namespace, job.id, 1, 1, job.spec, job.created_at
        FROM job
        WHERE job.namespace = ? AND job.id = ?
          AND NOT EXISTS (
            SELECT 1 FROM job_version
            WHERE job_version.namespace = job.namespace AND job_version.id = job.id)
        """,
        namespace,
        id);
  }

  /** Notes how far the job has come, before its row becomes another. */
  private static void endVersion(Connection connection, String namespace, String id, Instant at)
      throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE job_version
          JOIN job ON job.namespace = job_version.namespace AND job.id = job_version.id
        SET job_version.valid_to = ?, job_version.ended_in = job.state,
          job_version.ended_at = job.finished_at, job_version.ended_runs = job.runs,
          job_version.ended_last = job.last_scheduled_at
        WHERE job_version.namespace = ? AND job_version.id = ? AND job_version.valid_to IS NULL
        """,
        at,
        namespace,
        id);
  }

  /** Ends ACTIVE jobs. */
  void finished(Connection connection, Collection<JobId> ids, Instant now) throws SQLException {
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofJobs("id", chunk);
      Sql.update(
          connection,
          """
          UPDATE job FORCE INDEX (PRIMARY)
          SET state = 'COMPLETED', finished_at = ?, updated_at = ?
          WHERE %s AND state = 'ACTIVE'
          """
              .formatted(keys.condition()),
          keys.after(now, now));
    }
  }
}
