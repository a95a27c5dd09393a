package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.JobId;
import io.carillon.job.Priority;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Executions that wait to be run: asked for by hand, handed back, or cancelled. Stateless. */
final class WaitingRows {
  private static final int MOST_DEATHS = 3;

  private WaitingRows() {}

  static boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides)
      throws SQLException {
    if (Sql.queryOne(
            connection,
            """
            SELECT 1 FROM execution WHERE id = ? AND scheduled_at = ? FOR UPDATE
            """,
            row -> true,
            id.value(),
            id.scheduledAt())
        .isPresent()) {
      return false;
    }
    Sql.update(
        connection,
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
          attempt, request)
        VALUES (?, ?, ?, ?, ?, ?, 'QUEUED', 0, ?)
        """,
        id.value(),
        id.scheduledAt(),
        job.id().namespace(),
        job.id().value(),
        job.generation(),
        job.job().queue(),
        RunRequest.write(overrides));
    return true;
  }

  /** An execution that was running on the node that is gone. */
  private record Lost(
      ExecutionId id,
      JobId jobId,
      String queue,
      int attempt,
      int deaths,
      String node,
      Instant startedAt) {}

  static List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now)
      throws SQLException {
    boolean died = reason.equals(Reasons.NODE_LOST);
    boolean begun = !reason.equals(Reasons.CIRCUIT_OPEN);
    List<Lost> lost = running(connection, new LinkedHashSet<>(ids), now);
    Map<JobId, Work> jobs = jobs(connection, lost);
    List<Lost> cancelled = new ArrayList<>();
    List<Lost> poison = new ArrayList<>();
    List<Lost> again = new ArrayList<>();
    for (Lost one : lost) {
      if (jobs.getOrDefault(one.jobId(), Work.UNKNOWN).cancelled()) {
        cancelled.add(one);
      } else if (died && one.deaths() + 1 >= MOST_DEATHS) {
        poison.add(one);
      } else {
        again.add(one);
      }
    }
    move(connection, cancelled, ExecutionState.CANCELLED, Reasons.CANCELLED, died, now);
    move(connection, poison, ExecutionState.FAILED, Reasons.POISON, died, now);
    if (begun) {
      move(connection, again, ExecutionState.QUEUED, reason, died, now);
      note(connection, lost, reason, now);
    } else {
      await(connection, again, reason);
    }
    return again.stream()
        .map(
            one ->
                new Repeat(
                    one.id(),
                    one.jobId(),
                    one.queue(),
                    jobs.getOrDefault(one.jobId(), Work.UNKNOWN).priority(),
                    one.id().scheduledAt(),
                    begun ? one.attempt() + 1 : one.attempt()))
        .toList();
  }

  /** Keeps the attempts that were lost. */
  private static void note(Connection connection, List<Lost> lost, String lostBy, Instant now)
      throws SQLException {
    AttemptRows.write(
        connection,
        lost.stream()
            .map(
                one ->
                    new AttemptRows.Row(
                        one.id(),
                        one.attempt(),
                        one.node(),
                        one.startedAt(),
                        lostBy.equals(Reasons.NODE_LOST) ? null : now,
                        null,
                        lostBy,
                        null,
                        false))
            .toList());
  }

  /** Ends what ran on the node that is gone. */
  static void lost(
      Connection connection,
      Collection<ExecutionId> ids,
      ExecutionState state,
      String reason,
      String lostBy,
      Instant now)
      throws SQLException {
    boolean died = lostBy.equals(Reasons.NODE_LOST);
    List<Lost> lost = running(connection, new LinkedHashSet<>(ids), now);
    move(connection, lost, state, reason, died, now);
    note(connection, lost, lostBy, now);
  }

  /** By primary key, in the partitions of the instants. */
  private static List<Lost> running(Connection connection, Collection<ExecutionId> ids, Instant now)
      throws SQLException {
    List<Lost> lost = new ArrayList<>();
    for (List<ExecutionId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofExecutions("", chunk);
      lost.addAll(
          Sql.query(
              connection,
              """
              SELECT id, namespace, job_id, queue, attempt, deaths, node, started_at
              FROM execution FORCE INDEX (PRIMARY)
              WHERE %s AND state = 'RUNNING'
              ORDER BY id
              FOR UPDATE
              """
                  .formatted(keys.condition()),
              row ->
                  new Lost(
                      new ExecutionId(row.getString("id")),
                      new JobId(row.getString("namespace"), row.getString("job_id")),
                      row.getString("queue"),
                      row.getInt("attempt"),
                      row.getInt("deaths"),
                      Objects.requireNonNullElse(row.getString("node"), ""),
                      Objects.requireNonNullElse(Sql.instant(row, "started_at"), now)),
              keys.values()));
    }
    return lost;
  }

  /** The rows were locked and seen to run. */
  private static void move(
      Connection connection,
      List<Lost> lost,
      ExecutionState state,
      String reason,
      boolean died,
      Instant now)
      throws SQLException {
    for (List<Lost> chunk : Chunks.of(lost)) {
      Keys keys = Keys.ofExecutions("", chunk.stream().map(Lost::id).toList());
      List<@Nullable Object> values = new ArrayList<>();
      values.add(state);
      values.add(reason);
      values.add(state.isFinal() ? now : null);
      values.add(died ? 1 : 0);
      values.addAll(keys.values());
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET state = ?, reason = ?, finished_at = ?, deaths = deaths + ?,
            uncounted = uncounted + 1
          WHERE %s AND state = 'RUNNING'
          """
              .formatted(keys.condition()),
          values);
    }
  }

  /**
   * Puts executions back to where they were before an attempt that was not begun: they await it
   * still. The rows were locked and seen to run.
   */
  private static void await(Connection connection, List<Lost> unbegun, String reason)
      throws SQLException {
    for (List<Lost> chunk : Chunks.of(unbegun)) {
      Keys keys = Keys.ofExecutions("", chunk.stream().map(Lost::id).toList());
      // MariaDB and MySQL assign from left to right: the others see the attempt as it becomes.
      Sql.update(
          connection,
          """
          UPDATE execution FORCE INDEX (PRIMARY)
          SET attempt = attempt - 1, state = 'QUEUED', reason = ?,
            fired_at = IF(attempt = 0, NULL, fired_at),
            started_at = IF(attempt = 0, NULL, started_at)
          WHERE %s AND state = 'RUNNING'
          """
              .formatted(keys.condition()),
          keys.after(reason));
    }
  }

  /** What a repeat needs to know of its job. */
  private record Work(int priority, boolean cancelled) {
    static final Work UNKNOWN = new Work(Priority.NORMAL.number(), false);
  }

  /** Jobs by primary key, without locks. */
  private static Map<JobId, Work> jobs(Connection connection, List<Lost> lost) throws SQLException {
    Map<JobId, Work> jobs = new HashMap<>();
    for (List<JobId> chunk : Chunks.of(lost.stream().map(Lost::jobId).distinct().toList())) {
      Keys keys = Keys.ofJobs("id", chunk);
      Sql.<@Nullable Work>query(
          connection,
          """
          SELECT namespace, id, priority, state FROM job FORCE INDEX (PRIMARY)
          WHERE %s
          """
              .formatted(keys.condition()),
          row ->
              jobs.put(
                  new JobId(row.getString("namespace"), row.getString("id")),
                  new Work(row.getInt("priority"), row.getString("state").equals("CANCELLED"))),
          keys.values());
    }
    return jobs;
  }

  /**
   * No index is forced: the servers estimate by a dive whether the job's rows or the waiting rows
   * are fewer.
   */
  static void cancel(Connection connection, JobId id, Instant now) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE execution
        SET state = 'CANCELLED', reason = 'CANCELLED', finished_at = ?, next_attempt_at = NULL
        WHERE namespace = ? AND job_id = ? AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
        """,
        now,
        id.namespace(),
        id.value());
  }
}
