package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.job.StoredJob.Pause;
import io.carillon.job.TargetHost;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between a {@link StoredJob} and its row in table {@code job}. Thread-safe. */
final class JobRow {
  private static final Logger log = LoggerFactory.getLogger(JobRow.class);

  private final JobCodec codec;

  JobRow(JobCodec codec) {
    this.codec = codec;
  }

  /** The row's definition; null if it cannot be read, which is logged and harms no other row. */
  @Nullable StoredJob read(ResultSet row) throws SQLException {
    JobId id = new JobId(row.getString("namespace"), row.getString("id"));
    Job job;
    try {
      job = codec.parse(id, row.getString("spec"));
    } catch (RuntimeException e) {
      log.error(
          "the definition of job {} cannot be read; the job is passed over: {}", id, e.toString());
      return null;
    }
    JobState state = JobState.valueOf(row.getString("state"));
    return new StoredJob(
        job,
        state,
        row.getInt("generation"),
        row.getLong("version"),
        row.getLong("runs"),
        Sql.instant(row, "last_scheduled_at"),
        state == JobState.PAUSED
            ? new Pause(row.getString("pause_reason"), Sql.instant(row, "pause_until"))
            : null,
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        Objects.requireNonNull(Sql.instant(row, "updated_at")),
        Sql.instant(row, "finished_at"),
        null);
  }

  String spec(Job job) {
    return codec.store(job);
  }

  /** Rows of {@code job_label}: namespace, job, name, value. */
  static List<Object[]> labels(Job job) {
    List<Object[]> rows = new ArrayList<>();
    job.labels().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            label ->
                rows.add(
                    new Object[] {
                      job.id().namespace(), job.id().value(), label.getKey(), label.getValue()
                    }));
    return rows;
  }

  /** Rows of {@code job_calendar}: namespace, job, name. */
  static List<Object[]> calendars(Job job) {
    return job.schedule().limits().calendars().stream()
        .distinct()
        .sorted()
        .map(name -> new Object[] {job.id().namespace(), job.id().value(), name})
        .toList();
  }

  /** The host that a job calls, in lower case; null if it calls none. */
  static @Nullable String host(Job job) {
    return TargetHost.of(job.target());
  }

  /** Of {@code POST /job}; null for all others. */
  static @Nullable String scheduler(Job job) {
    return job.origin().scheduler();
  }

  static @Nullable String pauseReason(StoredJob stored) {
    return stored.pause() == null ? null : stored.pause().reason();
  }

  static @Nullable Instant pauseUntil(StoredJob stored) {
    return stored.pause() == null ? null : stored.pause().until();
  }
}
