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
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes and locks {@code job} rows with their labels and versions. Thread-safe. */
final class JobRows {
  private final JobRow rows;

  JobRows(JobCodec codec) {
    this.rows = new JobRow(codec);
  }

  /** A job and its text, which goes into two tables. */
  private record Fresh(Job job, String spec) {}

  Set<JobId> insert(Connection connection, Collection<Job> jobs, Instant now) throws SQLException {
    Set<JobId> taken = new LinkedHashSet<>(existing(connection, jobs));
    Set<JobId> seen = new HashSet<>();
    List<Fresh> fresh = new ArrayList<>();
    for (Job job : jobs) {
      if (taken.contains(job.id())) {
        continue;
      }
      if (seen.add(job.id())) {
        fresh.add(new Fresh(job, rows.spec(job)));
      } else {
        taken.add(job.id());
      }
    }
    List<Object[]> labels = new ArrayList<>();
    for (List<Fresh> chunk : Chunks.of(fresh, item -> item.spec().length())) {
      insertJobs(connection, chunk, now);
      insertVersions(connection, chunk, now);
      chunk.forEach(item -> labels.addAll(JobRow.labels(item.job())));
    }
    insertLabels(connection, labels);
    return taken;
  }

  /** By primary key. */
  private static Set<JobId> existing(Connection connection, Collection<Job> jobs)
      throws SQLException {
    Set<JobId> existing = new HashSet<>();
    for (List<JobId> chunk : Chunks.of(jobs.stream().map(Job::id).distinct().toList())) {
      Keys keys = Keys.ofJobs("id", chunk);
      existing.addAll(
          Sql.query(
              connection,
              """
              SELECT namespace, id FROM job FORCE INDEX (PRIMARY)
              WHERE %s
              """
                  .formatted(keys.condition()),
              row -> new JobId(row.getString("namespace"), row.getString("id")),
              keys.values()));
    }
    return existing;
  }

  private static void insertJobs(Connection connection, List<Fresh> chunk, Instant now)
      throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    for (Fresh fresh : chunk) {
      Job job = fresh.job();
      values.addAll(
          Arrays.asList(
              job.id().namespace(),
              job.id().value(),
              job.name(),
              job.queue(),
              job.priority().number(),
              JobRow.host(job),
              job.origin().call(),
              JobRow.scheduler(job),
              JobState.ACTIVE,
              1,
              1,
              fresh.spec(),
              now,
              now));
    }
    Sql.update(
        connection,
        """
        INSERT INTO job (namespace, id, name, queue, priority, host, origin, scheduler, state,
          generation, version, spec, created_at, updated_at)
        VALUES %s
        """
            .formatted(Sql.rows(chunk.size(), 14)),
        values);
  }

  private static void insertVersions(Connection connection, List<Fresh> chunk, Instant now)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    for (Fresh fresh : chunk) {
      values.addAll(
          List.of(fresh.job().id().namespace(), fresh.job().id().value(), 1, 1, fresh.spec(), now));
    }
    Sql.update(
        connection,
        """
        INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
        VALUES %s
        """
            .formatted(Sql.rows(chunk.size(), 6)),
        values);
  }

  private static void insertLabels(Connection connection, List<Object[]> labels)
      throws SQLException {
    for (List<Object[]> chunk : Chunks.of(labels)) {
      Sql.update(
          connection,
          """
          INSERT INTO job_label (namespace, job_id, name, value)
          VALUES %s
          """
              .formatted(Sql.rows(chunk.size(), 4)),
          chunk.stream().flatMap(Arrays::stream).toList());
    }
  }

  Map<JobId, StoredJob> lock(Connection connection, Collection<JobId> ids) throws SQLException {
    return select(
        connection,
        """
        SELECT * FROM job FORCE INDEX (PRIMARY)
        WHERE %s
        ORDER BY namespace, id
        FOR UPDATE
        """,
        ids);
  }

  /** Without locks: for firings, which change a job's counters by difference only. */
  Map<JobId, StoredJob> read(Connection connection, Collection<JobId> ids) throws SQLException {
    return select(
        connection,
        """
        SELECT * FROM job FORCE INDEX (PRIMARY)
        WHERE %s
        """,
        ids);
  }

  static Map<JobId, Long> lengths(Connection connection, Collection<JobId> ids)
      throws SQLException {
    Map<JobId, Long> lengths = new HashMap<>();
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofJobs("id", chunk);
      Sql.query(
          connection,
          """
          SELECT namespace, id, LENGTH(spec) FROM job FORCE INDEX (PRIMARY)
          WHERE %s
          """
              .formatted(keys.condition()),
          row -> lengths.put(new JobId(row.getString(1), row.getString(2)), row.getLong(3)),
          keys.values());
    }
    return lengths;
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

  private Map<JobId, StoredJob> select(
      Connection connection, String statement, Collection<JobId> ids) throws SQLException {
    Map<JobId, StoredJob> found = new LinkedHashMap<>();
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofJobs("id", chunk);
      for (StoredJob stored :
          Sql.<@Nullable StoredJob>query(
              connection, statement.formatted(keys.condition()), rows::read, keys.values())) {
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
    Sql.update(
        connection,
        """
        UPDATE job
        SET name = ?, queue = ?, priority = ?, host = ?, origin = ?, scheduler = ?, state = ?,
          generation = ?, version = ?, runs = ?, pause_reason = ?, pause_until = ?, spec = ?,
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
    Sql.update(
        connection, "DELETE FROM job_label WHERE namespace = ? AND job_id = ?", namespace, id);
    insertLabels(connection, JobRow.labels(job));
    Sql.update(
        connection,
        """
        UPDATE job_version SET valid_to = ?
        WHERE namespace = ? AND id = ? AND valid_to IS NULL
        """,
        changed.updatedAt(),
        namespace,
        id);
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
