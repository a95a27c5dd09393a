package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.history.Cursor.JobPlace;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Jobs;
import io.carillon.job.NextFires;
import io.carillon.job.StoredJob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads job rows and asks the engine for their next instants: two statements for a job as for a
 * page. A row whose definition cannot be read is left out of lists. Thread-safe.
 */
public final class JobQueries implements Jobs {
  private final DataSource database;
  private final JobRow rows;
  private final NextFires nextFires;

  public JobQueries(DataSource database, JobCodec codec, NextFires nextFires) {
    this.database = database;
    this.rows = new JobRow(codec);
    this.nextFires = nextFires;
  }

  /**
   * @throws IllegalStateException if the row is there and its definition cannot be read
   */
  @Override
  public Optional<StoredJob> find(JobId id) {
    Optional<Found> found =
        Reading.read(
            database,
            "job " + id,
            connection ->
                Sql.queryOne(
                    connection,
                    """
                    SELECT * FROM job
                    WHERE namespace = ? AND id = ?
                    """,
                    this::found,
                    id.namespace(),
                    id.value()));
    return found.map(
        row -> {
          if (row.stored() == null) {
            throw new IllegalStateException("the definition of job " + id + " cannot be read");
          }
          return withNextFires(List.of(row.stored())).get(0);
        });
  }

  /** Jobs whose pause has ended, at most 500. Index job_by_pause. */
  public List<JobId> pausedUntil(Instant now) {
    return Reading.read(
        database,
        "pauses that have ended",
        connection ->
            Sql.query(
                connection,
                """
                SELECT namespace, id FROM job
                WHERE state = 'PAUSED' AND pause_until <= ?
                LIMIT 500
                """,
                row -> new JobId(row.getString(1), row.getString(2)),
                now));
  }

  @Override
  public Page<StoredJob> list(Filter filter, @Nullable String cursor, int limit) {
    Conditions conditions = conditions(filter);
    if (cursor != null) {
      JobPlace place = Cursor.job(cursor);
      conditions.and(
          "job.created_at <= ? AND (job.created_at < ? OR job.id < ?)",
          place.createdAt(),
          place.createdAt(),
          place.id());
    }
    List<Found> found =
        Reading.read(
            database,
            "jobs",
            connection ->
                Sql.query(
                    connection,
                    """
                    SELECT job.* FROM job %s
                    WHERE %s
                    ORDER BY job.created_at DESC, job.id DESC
                    LIMIT ?
                    """
                        .formatted(conditions.joins(), conditions.text()),
                    this::found,
                    conditions.values(limit + 1)));
    boolean more = found.size() > limit;
    List<Found> shown = more ? found.subList(0, limit) : found;
    List<StoredJob> readable = new ArrayList<>();
    for (Found row : shown) {
      if (row.stored() != null) {
        readable.add(row.stored());
      }
    }
    return new Page<>(
        withNextFires(readable),
        more ? Cursor.of(shown.get(limit - 1).createdAt(), shown.get(limit - 1).id()) : null);
  }

  private static Conditions conditions(Filter filter) {
    return new Conditions()
        .and("job.namespace = ?", filter.namespace())
        .andEquals("job.state", filter.state())
        .andEquals("job.queue", filter.queue())
        .andEquals("job.name", filter.name())
        .andEquals("job.scheduler", filter.scheduler())
        .withLabels(filter.labels(), "job.namespace", "job.id");
  }

  /** Index label_by_value where there are labels, else job_by_state. */
  @Override
  public List<JobId> select(Filter filter, int most) {
    Conditions conditions = conditions(filter);
    return Reading.read(
        database,
        "ids of jobs",
        connection ->
            Sql.query(
                connection,
                """
                SELECT job.namespace, job.id FROM job %s
                WHERE %s
                LIMIT ?
                """
                    .formatted(conditions.joins(), conditions.text()),
                row -> new JobId(row.getString(1), row.getString(2)),
                conditions.values(most)));
  }

  /**
   * A row, readable or not; the next page begins after it all the same.
   *
   * @param stored null if the definition cannot be read
   */
  private record Found(JobId id, Instant createdAt, @Nullable StoredJob stored) {}

  private Found found(ResultSet row) throws SQLException {
    return new Found(
        new JobId(row.getString("namespace"), row.getString("id")),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        rows.read(row));
  }

  private List<StoredJob> withNextFires(List<StoredJob> jobs) {
    List<JobId> active =
        jobs.stream().filter(job -> job.state() == JobState.ACTIVE).map(StoredJob::id).toList();
    if (active.isEmpty()) {
      return jobs;
    }
    Map<JobId, Instant> instants = nextFires.of(active);
    return jobs.stream().map(job -> job.withNextFireTime(instants.get(job.id()))).toList();
  }
}
