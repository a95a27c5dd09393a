package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.SampleJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counts by the server, not by the driver. */
class StatementBudgetTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  /** One step of an execution's life. */
  @FunctionalInterface
  private interface Step {
    void take() throws SQLException;
  }

  @Test
  void a_hundred_jobs_cost_as_many_statements_as_one() {
    Map<String, Long> one = life(1);
    Map<String, Long> hundred = life(100);

    assertThat(hundred).isEqualTo(one);
    assertThat(one)
        .as("%s", one)
        .containsEntry("insert", 2L)
        .containsEntry("fire", 3L)
        .containsEntry("retry", 4L)
        .containsEntry("fire again", 3L)
        .containsEntry("hand back", 4L)
        .containsEntry("complete", 3L)
        .containsEntry("stale", 2L);
  }

  private static Map<String, Long> life(int size) {
    return database.transaction(
        connection -> {
          HistoryWriter writer = database.writer;
          Map<String, Long> counts = new LinkedHashMap<>();
          List<Job> jobs =
              Stream.generate(() -> labelled(HistoryDatabase.anyId())).limit(size).toList();
          List<JobId> ids = jobs.stream().map(Job::id).toList();
          List<Due> due = ids.stream().map(id -> Due.planned(id, NOON)).toList();
          count(
              connection,
              counts,
              "insert",
              () -> writer.insertJobs(connection, database.fresh(jobs, NOON)));
          count(connection, counts, "lock", () -> writer.lockJobs(connection, ids));
          List<Firing> firings = new ArrayList<>();
          count(connection, counts, "fire", () -> firings.addAll(fire(connection, due, size)));
          List<Completion> retries =
              firings.stream()
                  .map(
                      f ->
                          completion(
                              f,
                              Failed.of(Reasons.TIMEOUT, "late"),
                              new RetryAt(NOON, Reasons.TIMEOUT)))
                  .toList();
          count(connection, counts, "retry", () -> writer.completed(connection, retries));
          List<Due> second =
              firings.stream().map(f -> Due.repeat(f.id(), f.job().id(), 2)).toList();
          count(connection, counts, "fire again", () -> fire(connection, second, size));
          List<ExecutionId> executions = firings.stream().map(Firing::id).toList();
          List<Repeat> repeats = new ArrayList<>();
          count(
              connection,
              counts,
              "hand back",
              () ->
                  repeats.addAll(
                      writer.handedBack(connection, executions, Reasons.NODE_LOST, NOON)));
          List<Due> third =
              repeats.stream().map(r -> Due.repeat(r.id(), r.jobId(), r.attempt())).toList();
          List<Completion> ends =
              fire(connection, third, size).stream()
                  .map(
                      f ->
                          completion(
                              f,
                              new Succeeded(200, null),
                              new Finish(ExecutionState.SUCCEEDED, null)))
                  .toList();
          count(connection, counts, "complete", () -> writer.completed(connection, ends));
          count(connection, counts, "stale", () -> writer.stale(connection, retries));
          count(connection, counts, "finish", () -> writer.jobsFinished(connection, ids, NOON));
          return counts;
        });
  }

  private static List<Firing> fire(Connection connection, List<Due> due, int size)
      throws SQLException {
    Fired fired = database.writer.fired(connection, due, "a-1", NOON, (c, jobs) -> Map.of());
    assertThat(fired.firings()).hasSize(size);
    return List.copyOf(fired.firings().values());
  }

  private static Job labelled(JobId id) {
    return SampleJob.like(HistoryDatabase.noop(id)).labels(Map.of("a", "1", "b", "2")).build();
  }

  private static void count(Connection connection, Map<String, Long> counts, String name, Step step)
      throws SQLException {
    long before = questions(connection);
    step.take();
    counts.put(name, questions(connection) - before - 1);
  }

  private static long questions(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection, "SHOW SESSION STATUS LIKE 'Questions'", row -> row.getLong("Value"))
        .orElseThrow();
  }
}
