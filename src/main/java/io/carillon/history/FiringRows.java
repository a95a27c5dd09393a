package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Lanes;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.OpenRuns.Open;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes executions as RUNNING, and what else becomes of planned instants. For a batch of up to
 * 500: read jobs, insert planned, count runs; two statements more for repeats (lock, move on), one
 * more for long definitions, two more where an instant was fired before, two where jobs must not
 * run beside themselves, and a few where instants are skipped. Thread-safe.
 */
final class FiringRows {
  /** A row of that key is there already. */
  private static final int DUPLICATE_KEY = 1062;

  private final DueJobs jobs;
  private final ExclusionsOfJobs exclusions;

  FiringRows(DueJobs jobs, ExclusionsOfJobs exclusions) {
    this.jobs = jobs;
    this.exclusions = exclusions;
  }

  Fired fired(Connection connection, List<Due> due, String node, Instant now, OpenRuns openRuns)
      throws SQLException {
    DueJobs.Batch known =
        jobs.read(connection, due.stream().map(Due::jobId).distinct().toList())
            .outside(openRuns.pauses());
    Settlements settlements =
        Settlements.of(
            due,
            known.jobs(),
            exclusions.of(
                connection, known.jobs().values().stream().map(one -> one.job().job()).toList()),
            now);
    Map<JobId, Open> open = openRuns.of(connection, settlements.exclusive());
    Map<ExecutionId, DueRow> rows = new HashMap<>(lock(connection, repeated(due)));
    Map<ExecutionId, JobId> expired = ExpiredRuns.among(due, known.jobs(), rows, now);
    List<Due> going =
        expired.isEmpty()
            ? due
            : due.stream().filter(one -> !expired.containsKey(one.id())).toList();
    Lanes.Judge lanes = lanes(connection, openRuns, known, expired.keySet());
    FiringBatch batch =
        new FiringBatch(node, now, known, rows, settlements, open, lanes).decide(going);
    try {
      insert(connection, batch.planned(), waiting(batch));
    } catch (SQLException e) {
      if (e.getErrorCode() != DUPLICATE_KEY) {
        throw e;
      }
      // Nothing of the statement stands. Seldom enough to look only then which instants these are.
      rows.putAll(lock(connection, batch.written()));
      batch = new FiringBatch(node, now, known, rows, settlements, open, lanes).decide(going);
      insert(connection, batch.planned(), waiting(batch));
    }
    HeldRows.update(connection, batch.waiting());
    repeat(connection, batch.repeats().keySet(), node, now);
    SkipRows.write(connection, batch.skips(), now);
    RunCounts.add(connection, batch.counted());
    ExpiredRuns.skip(connection, expired.keySet(), now);
    return batch.result(expired);
  }

  private static Lanes.Judge lanes(
      Connection connection, OpenRuns openRuns, DueJobs.Batch known, Set<ExecutionId> over)
      throws SQLException {
    return openRuns
        .lanes()
        .judge(
            connection, known.jobs().values().stream().map(one -> one.job().job()).toList(), over);
  }

  /** Executions that get a row and do not run yet: behind others of their job, or held. */
  private static List<HeldRows.Waiting> waiting(FiringBatch batch) {
    List<HeldRows.Waiting> waiting = new ArrayList<>();
    batch
        .queued()
        .forEach(firing -> waiting.add(new HeldRows.Waiting(firing, Reasons.OVERLAP, true)));
    batch.waiting().stream().filter(HeldRows.Waiting::isNew).forEach(waiting::add);
    return waiting;
  }

  private static Set<ExecutionId> repeated(List<Due> due) {
    Set<ExecutionId> ids = new LinkedHashSet<>();
    for (Due one : due) {
      if (one.id() != null) {
        ids.add(one.id());
      }
    }
    return ids;
  }

  /** By primary key, in the partitions of the instants. */
  private static Map<ExecutionId, DueRow> lock(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Map<ExecutionId, DueRow> rows = new HashMap<>();
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.query(
          connection,
          """
          SELECT id, state, attempt, uncounted, generation, request
          FROM execution FORCE INDEX (PRIMARY)
          WHERE %s
          FOR UPDATE
          """
              .formatted(keys.condition()),
          row ->
              rows.put(
                  new ExecutionId(row.getString("id")),
                  new DueRow(
                      ExecutionState.valueOf(row.getString("state")),
                      row.getInt("attempt"),
                      row.getInt("uncounted"),
                      row.getInt("generation"),
                      row.getString("request"))),
          keys.values());
    }
    return rows;
  }

  private static void insert(
      Connection connection, Collection<Firing> planned, Collection<HeldRows.Waiting> waiting)
      throws SQLException {
    for (List<Firing> chunk : Chunks.of(planned)) {
      List<Object> values = new ArrayList<>();
      for (Firing firing : chunk) {
        values.addAll(planned(firing));
        values.addAll(
            Arrays.asList(
                ExecutionState.RUNNING,
                firing.attempt(),
                firing.node(),
                firing.firedAt(),
                firing.firedAt()));
      }
      Sql.update(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            attempt, node, fired_at, started_at)
          VALUES %s
          """
              .formatted(Sql.rows(chunk.size(), 11)),
          values);
    }
    for (List<HeldRows.Waiting> chunk : Chunks.of(waiting)) {
      List<@Nullable Object> values = new ArrayList<>();
      for (HeldRows.Waiting one : chunk) {
        values.addAll(planned(one.firing()));
        values.addAll(Arrays.asList(ExecutionState.QUEUED, one.reason(), 0));
      }
      Sql.update(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            reason, attempt)
          VALUES %s
          """
              .formatted(Sql.rows(chunk.size(), 9)),
          values);
    }
  }

  /** The first six columns of an execution. */
  private static List<Object> planned(Firing firing) {
    return List.of(
        firing.id().value(),
        firing.id().scheduledAt(),
        firing.job().id().namespace(),
        firing.job().id().value(),
        firing.generation(),
        firing.job().queue());
  }

  /** The rows were locked and seen to await exactly the next attempt. */
  private static void repeat(
      Connection connection, Collection<ExecutionId> ids, String node, Instant now)
      throws SQLException {
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET state = 'RUNNING', attempt = attempt + 1, node = ?, started_at = ?,
            fired_at = COALESCE(fired_at, ?), finished_at = NULL, next_attempt_at = NULL,
            reason = NULL, http_status = NULL, error = NULL, response = NULL,
            response_truncated = FALSE, awaits_until = NULL, progress_percent = NULL,
            progress_note = NULL, progress_at = NULL
          WHERE %s AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
          """
              .formatted(keys.condition()),
          keys.after(node, now, now));
    }
  }
}
