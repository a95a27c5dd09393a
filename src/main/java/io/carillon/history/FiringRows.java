package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes executions as RUNNING. For a batch of up to 500: read jobs, insert planned, count runs;
 * two statements more for repeats (lock, move on), one more for long definitions, two more where an
 * instant was fired before. Thread-safe.
 */
final class FiringRows {
  /** A row of that key is there already. */
  private static final int DUPLICATE_KEY = 1062;

  private final DueJobs jobs;

  FiringRows(DueJobs jobs) {
    this.jobs = jobs;
  }

  /** An execution row that is there already. */
  private record Row(
      ExecutionState state, int attempt, int uncounted, int generation, @Nullable String request) {

    boolean awaits(int next) {
      boolean waiting =
          switch (state) {
            case SCHEDULED, QUEUED, RETRYING -> true;
            default -> false;
          };
      return waiting && attempt == next - 1;
    }
  }

  Fired fired(Connection connection, List<Due> due, String node, Instant now) throws SQLException {
    DueJobs.Batch known = jobs.read(connection, due.stream().map(Due::jobId).distinct().toList());
    Map<Due, ExecutionId> ids = ids(due, known.jobs());
    Map<ExecutionId, Row> rows = new HashMap<>(lock(connection, repeated(due)));
    Batch batch = decide(due, ids, new Batch(node, now, known, rows));
    try {
      insert(connection, batch.planned.values());
    } catch (SQLException e) {
      if (e.getErrorCode() != DUPLICATE_KEY) {
        throw e;
      }
      // Nothing of the statement stands. Seldom enough to look only then which instants these are.
      rows.putAll(lock(connection, batch.planned.keySet()));
      batch = decide(due, ids, new Batch(node, now, known, rows));
      insert(connection, batch.planned.values());
    }
    repeat(connection, batch.repeats.keySet(), node, now);
    RunCounts.add(connection, batch.counted);
    return new Fired(batch.firings, batch.exhausted, batch.unknown, batch.left);
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

  private static Batch decide(List<Due> due, Map<Due, ExecutionId> ids, Batch batch) {
    for (Due one : due) {
      ExecutionId id = ids.get(one);
      if (batch.tooMuch.contains(one.jobId())) {
        batch.left.add(one);
      } else if (id == null) {
        batch.unknown.add(one.jobId());
      } else {
        batch.add(one, id);
      }
    }
    return batch;
  }

  private static Map<Due, ExecutionId> ids(List<Due> due, Map<JobId, StoredJob> known) {
    Map<Due, ExecutionId> ids = new HashMap<>();
    for (Due one : due) {
      StoredJob job = known.get(one.jobId());
      if (job != null) {
        ids.put(
            one,
            one.id() != null
                ? one.id()
                : ExecutionId.planned(one.jobId(), job.generation(), one.scheduledAt()));
      }
    }
    return ids;
  }

  /** Decides for each due attempt whether it is fired. Used by one thread. */
  private static final class Batch {
    private final String node;
    private final Instant now;
    private final Map<JobId, StoredJob> known;
    private final Map<ExecutionId, Row> rows;
    private final Map<JobId, Long> runs = new HashMap<>();

    final Map<Due, Firing> firings = new LinkedHashMap<>();
    final Map<ExecutionId, Firing> planned = new LinkedHashMap<>();
    final Map<ExecutionId, Firing> repeats = new LinkedHashMap<>();
    final Set<JobId> exhausted = new LinkedHashSet<>();
    final Set<JobId> unknown = new LinkedHashSet<>();
    final Set<Due> left = new LinkedHashSet<>();
    final Map<JobId, RunCounts.More> counted = new LinkedHashMap<>();
    final Set<JobId> tooMuch;

    Batch(String node, Instant now, DueJobs.Batch known, Map<ExecutionId, Row> rows) {
      this.node = node;
      this.now = now;
      this.known = known.jobs();
      this.tooMuch = known.tooMuch();
      this.rows = rows;
    }

    void add(Due due, ExecutionId id) {
      StoredJob job = known.get(due.jobId());
      if (job == null || job.state() == JobState.CANCELLED) {
        return;
      }
      if (due.id() == null) {
        addPlanned(due, id, job);
      } else {
        addRepeat(due, id, job);
      }
    }

    private void addPlanned(Due due, ExecutionId id, StoredJob job) {
      Integer most = job.job().schedule().limits().maxRuns();
      long had = runs.getOrDefault(due.jobId(), job.runs());
      boolean isNew = !rows.containsKey(id) && !planned.containsKey(id);
      if (isNew && (most == null || had < most)) {
        had++;
        runs.put(due.jobId(), had);
        planned.put(id, put(due, id, job, 1, job.generation(), 0, Map.of()));
        counted.merge(due.jobId(), new RunCounts.More(1, due.scheduledAt()), RunCounts.More::and);
      }
      if (most != null && had >= most) {
        exhausted.add(due.jobId());
      }
    }

    /**
     * A repeat that comes this far is fired whether its job is paused or not: a run by hand may.
     */
    private void addRepeat(Due due, ExecutionId id, StoredJob job) {
      Row row = rows.get(id);
      if (row == null || !row.awaits(due.attempt()) || repeats.containsKey(id)) {
        return;
      }
      Map<String, Object> overrides = RunRequest.read(row.request());
      if (overrides == null) {
        unknown.add(due.jobId());
        return;
      }
      repeats.put(
          id, put(due, id, job, due.attempt(), row.generation(), row.uncounted(), overrides));
    }

    private Firing put(
        Due due,
        ExecutionId id,
        StoredJob job,
        int attempt,
        int generation,
        int uncounted,
        Map<String, Object> overrides) {
      Firing firing =
          new Firing(
              id,
              job.job(),
              generation,
              due.scheduledAt(),
              attempt,
              attempt - uncounted,
              uncounted > 0,
              node,
              now,
              overrides);
      firings.put(due, firing);
      return firing;
    }
  }

  /** By primary key, in the partitions of the instants. */
  private static Map<ExecutionId, Row> lock(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Map<ExecutionId, Row> rows = new HashMap<>();
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
                  new Row(
                      ExecutionState.valueOf(row.getString("state")),
                      row.getInt("attempt"),
                      row.getInt("uncounted"),
                      row.getInt("generation"),
                      row.getString("request"))),
          keys.values());
    }
    return rows;
  }

  private static void insert(Connection connection, Collection<Firing> planned)
      throws SQLException {
    for (List<Firing> chunk : Chunks.of(planned)) {
      List<Object> values = new ArrayList<>();
      for (Firing firing : chunk) {
        values.addAll(
            Arrays.asList(
                firing.id().value(),
                firing.id().scheduledAt(),
                firing.job().id().namespace(),
                firing.job().id().value(),
                firing.generation(),
                firing.job().queue(),
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
            response_truncated = FALSE
          WHERE %s AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
          """
              .formatted(keys.condition()),
          keys.after(node, now, now));
    }
  }
}
