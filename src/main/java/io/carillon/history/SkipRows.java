package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Skipped;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.job.JobState;
import io.carillon.job.Passed;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes planned instants that were not run: a row of {@code execution} for each run of neighbours
 * of one reason on one day, which the next of them extends. Two statements for up to 500 rows.
 * Stateless.
 */
final class SkipRows {
  private SkipRows() {}

  /**
   * How far the plan of a job has come without a run.
   *
   * @param skipped in order; may be empty
   * @param passed what is kept of instants that will not run; null leaves it as it is
   */
  record Progress(DueJob job, List<Skipped> skipped, @Nullable Passed passed) {
    /** The row of the first that are skipped: the one that stands for their neighbours, or new. */
    private ExecutionId row(int index) {
      Skipped span = skipped.get(index);
      ExecutionId last = job.skip();
      boolean goesOn =
          index == 0
              && last != null
              && Skipped.one(last.scheduledAt(), String.valueOf(job.skipReason()))
                  .goesOnWith(span.to(), span.reason());
      return goesOn && last != null
          ? last
          : ExecutionId.planned(job.job().id(), job.job().generation(), span.from());
    }
  }

  static void write(Connection connection, Collection<Progress> skips, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> spans = new ArrayList<>();
    List<List<@Nullable Object>> jobs = new ArrayList<>();
    for (Progress progress : skips) {
      for (int i = 0; i < progress.skipped().size(); i++) {
        spans.add(span(progress, i, now));
      }
      jobs.add(job(progress));
    }
    for (List<List<@Nullable Object>> chunk : Chunks.of(spans)) {
      // A row that says something else of its instant stays as it is.
      Sql.insert(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            reason, attempt, finished_at, span_to, span_count)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON DUPLICATE KEY UPDATE
            finished_at = IF(state = 'SKIPPED', VALUES(finished_at), finished_at),
            span_count = IF(state = 'SKIPPED',
              COALESCE(span_count, 1) + VALUES(span_count), span_count),
            span_to = IF(state = 'SKIPPED', VALUES(span_to), span_to)
          """,
          chunk);
    }
    for (List<List<@Nullable Object>> chunk : Chunks.of(jobs)) {
      // None of the jobs can vanish meanwhile, so this never inserts: see RunCounts.
      Sql.insert(
          connection,
          """
          INSERT INTO job (namespace, id, queue, priority, origin, state, generation, version, runs,
            last_scheduled_at, spec, created_at, updated_at, skip_id, skip_reason, passed_from,
            passed_to, passed_reason)
          VALUES (?, ?, '', 0, '', ?, 0, 0, 0, ?, '', 0, 0, ?, ?, ?, ?, ?)
          ON DUPLICATE KEY UPDATE
            last_scheduled_at = IF(VALUES(last_scheduled_at) IS NULL, last_scheduled_at,
              GREATEST(COALESCE(last_scheduled_at, 0), VALUES(last_scheduled_at))),
            skip_id = COALESCE(VALUES(skip_id), skip_id),
            skip_reason = COALESCE(VALUES(skip_reason), skip_reason),
            passed_from = COALESCE(VALUES(passed_from), passed_from),
            passed_to = COALESCE(VALUES(passed_to), passed_to),
            passed_reason = COALESCE(VALUES(passed_reason), passed_reason)
          """,
          chunk);
    }
  }

  private static List<@Nullable Object> span(Progress progress, int index, Instant now) {
    Skipped span = progress.skipped().get(index);
    StoredJob job = progress.job().job();
    ExecutionId row = progress.row(index);
    return Arrays.asList(
        row.value(),
        row.scheduledAt(),
        job.id().namespace(),
        job.id().value(),
        job.generation(),
        job.job().queue(),
        ExecutionState.SKIPPED,
        span.reason(),
        0,
        now,
        span.to(),
        span.count());
  }

  private static List<@Nullable Object> job(Progress progress) {
    List<Skipped> skipped = progress.skipped();
    Skipped last = skipped.isEmpty() ? null : skipped.get(skipped.size() - 1);
    Passed passed = progress.passed();
    StoredJob job = progress.job().job();
    return Arrays.asList(
        job.id().namespace(),
        job.id().value(),
        JobState.CANCELLED,
        last == null ? null : last.to(),
        last == null ? null : progress.row(skipped.size() - 1).value(),
        last == null ? null : last.reason(),
        passed == null ? null : passed.from(),
        passed == null ? null : passed.to(),
        passed == null ? null : passed.reason());
  }
}
