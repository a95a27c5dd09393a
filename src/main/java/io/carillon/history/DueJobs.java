package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.DefinitionRows.Definitions;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Reasons;
import io.carillon.job.CatchUp;
import io.carillon.job.JobId;
import io.carillon.job.Passed;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the jobs of a batch that is due, without locks (a firing changes a job's counters by
 * difference only), and no more text than a node can hold: short definitions come with the rows,
 * long ones are read after their lengths were added up. One statement, and one more if there are
 * long ones. Thread-safe.
 */
final class DueJobs {
  /** Characters of definitions in a batch, at most. */
  private static final long MOST_CHARACTERS = 8L * 1024 * 1024;

  /** Bytes of a definition that is not read with the row. */
  private static final int LONG = 8192;

  /** So few need no look at their lengths. */
  private static final int ALWAYS_AFFORDABLE = 16;

  private final JobRow rows;

  DueJobs(JobRow rows) {
    this.rows = rows;
  }

  /**
   * A job, and how far its plan has come.
   *
   * @param passed instants that will not run; null if there are none
   * @param skip the row that stands for its latest planned instant, if that was skipped
   * @param skipReason of that row
   */
  record DueJob(
      StoredJob job,
      @Nullable Passed passed,
      @Nullable ExecutionId skip,
      @Nullable String skipReason) {
    static DueJob of(StoredJob job, ResultSet row) throws SQLException {
      Instant from = Sql.instant(row, "passed_from");
      String reason = row.getString("passed_reason");
      String skip = row.getString("skip_id");
      return new DueJob(
          job,
          from == null || reason == null
              ? null
              : new Passed(from, Sql.instant(row, "passed_to"), reason),
          skip == null ? null : new ExecutionId(skip),
          row.getString("skip_reason"));
    }

    /**
     * The same, with what fell into a pause of its queue passed over; unless other instants are, or
     * the job catches up with all.
     */
    DueJob outside(QueuePauses pauses) {
      if (passed != null || job.job().policies().catchUp().policy() == CatchUp.Policy.FIRE_ALL) {
        return this;
      }
      return pauses
          .of(job.id(), job.job().queue())
          .map(pause -> new Passed(pause.from(), pause.to(), Reasons.PAUSED))
          .map(paused -> new DueJob(job, paused, skip, skipReason))
          .orElse(this);
    }
  }

  /**
   * What was read.
   *
   * @param jobs by id; one whose definition cannot be read is absent
   * @param tooMuch jobs at the end of the batch whose definitions were not read, as the others fill
   *     the memory
   */
  record Batch(Map<JobId, DueJob> jobs, Set<JobId> tooMuch) {
    Definitions definitions() {
      Map<JobId, StoredJob> stored = new HashMap<>();
      jobs.forEach((id, job) -> stored.put(id, job.job()));
      return new Definitions(stored, tooMuch);
    }

    /** The same, with what fell into pauses of queues passed over. */
    Batch outside(QueuePauses pauses) {
      if (pauses.all().isEmpty()) {
        return this;
      }
      Map<JobId, DueJob> outside = new HashMap<>();
      jobs.forEach((id, job) -> outside.put(id, job.outside(pauses)));
      return new Batch(outside, tooMuch);
    }
  }

  /** A row, or the length of a definition that is not in it. */
  private record Found(@Nullable DueJob job, @Nullable JobId id, long characters) {}

  /**
   * @param ids in the order in which they are wanted
   */
  Batch read(Connection connection, Collection<JobId> ids) throws SQLException {
    Map<JobId, DueJob> jobs = new HashMap<>();
    Map<JobId, Long> lengths = new HashMap<>();
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      for (Found found : shortOnes(connection, chunk)) {
        if (found.job() != null) {
          jobs.put(found.job().job().id(), found.job());
        } else if (found.id() != null) {
          lengths.put(found.id(), found.characters());
        }
      }
    }
    Set<JobId> tooMuch = new LinkedHashSet<>();
    List<JobId> wanted = affordable(new LinkedHashSet<>(ids), lengths, tooMuch);
    for (List<JobId> chunk : Chunks.of(wanted)) {
      for (DueJob job : longOnes(connection, chunk)) {
        jobs.put(job.job().id(), job);
      }
    }
    jobs.keySet().removeAll(tooMuch);
    return new Batch(jobs, tooMuch);
  }

  /** Which long definitions are to be read; with the first that is too much the batch ends. */
  private static List<JobId> affordable(
      Collection<JobId> ids, Map<JobId, Long> lengths, Set<JobId> tooMuch) {
    Map<JobId, Long> wanted = new LinkedHashMap<>();
    long sum = 0;
    int count = 0;
    for (JobId id : ids) {
      Long length = lengths.get(id);
      sum += length == null ? 0 : length;
      count++;
      if (!tooMuch.isEmpty() || (count > ALWAYS_AFFORDABLE && sum > MOST_CHARACTERS)) {
        tooMuch.add(id);
      } else if (length != null) {
        wanted.put(id, length);
      }
    }
    return List.copyOf(wanted.keySet());
  }

  private List<Found> shortOnes(Connection connection, List<JobId> ids) throws SQLException {
    Keys keys = Keys.ofJobs("id", ids);
    return Sql.query(
        connection,
        """
        SELECT namespace, id, state, generation, version, runs, last_scheduled_at, pause_reason,
          pause_until, created_at, updated_at, finished_at, passed_from, passed_to, passed_reason,
          skip_id, skip_reason, LENGTH(spec) AS characters,
          IF(LENGTH(spec) <= %d, spec, NULL) AS spec
        FROM job FORCE INDEX (PRIMARY)
        WHERE %s
        """
            .formatted(LONG, keys.condition()),
        row ->
            row.getLong("characters") > LONG
                ? new Found(
                    null,
                    new JobId(row.getString("namespace"), row.getString("id")),
                    row.getLong("characters"))
                : new Found(read(row), null, 0),
        keys.values());
  }

  private @Nullable DueJob read(ResultSet row) throws SQLException {
    StoredJob job = rows.read(row);
    return job == null ? null : DueJob.of(job, row);
  }

  private List<DueJob> longOnes(Connection connection, List<JobId> ids) throws SQLException {
    Keys keys = Keys.ofJobs("id", ids);
    return Sql.<@Nullable DueJob>query(
            connection,
            """
            SELECT * FROM job FORCE INDEX (PRIMARY)
            WHERE %s
            """
                .formatted(keys.condition()),
            this::read,
            keys.values())
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }
}
