package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Completion;
import io.carillon.execution.DefinitionRows.NewJob;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep;
import io.carillon.execution.Outcome;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.Calendars;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** A migrated schema and the writer on it; a stand-in for the store's transactions. */
final class HistoryDatabase implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final TestDatabase database = TestDatabase.create();
  final RememberingCodec codec = new RememberingCodec();
  final HistoryWriter writer = new HistoryWriter(codec, Calendars.NONE);

  /**
   * A connection such as operations staff have: without our session settings, so it may idle in a
   * transaction.
   */
  Connection plainConnection() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  DataSource dataSource() {
    return database.dataSource();
  }

  <T> T transaction(TestDatabase.Work<T> work) {
    return database.transaction(work);
  }

  /** An id that no other test has. */
  static JobId anyId() {
    return JobId.of("job-" + UUID.randomUUID());
  }

  static Job noop(JobId id) {
    return Job.of(id, new Target.Noop(), new Schedule.Now(Limits.NONE));
  }

  static Job everyMinute(JobId id, Limits limits) {
    return Job.of(id, new Target.Noop(), new Schedule.FixedRate(Duration.ofMinutes(1), limits));
  }

  JobId stored(Job job) {
    return stored(job, NOON);
  }

  JobId stored(Job job, Instant at) {
    transaction(connection -> insert(connection, List.of(job), at));
    return job.id();
  }

  /** Inserts jobs; answers how many. */
  int insert(Connection connection, List<Job> jobs, Instant at) throws SQLException {
    writer.insertJobs(connection, fresh(jobs, at));
    return jobs.size();
  }

  List<NewJob> fresh(List<Job> jobs, Instant at) {
    return jobs.stream().map(job -> new NewJob(job, writer.definition(job), at)).toList();
  }

  JobId storedNoop() {
    return stored(noop(anyId()));
  }

  Fired fire(List<Due> due, String node) {
    return transaction(
        connection -> writer.fired(connection, due, node, NOON, (c, jobs) -> Map.of()));
  }

  Firing fireNow(JobId id) {
    Due due = Due.planned(id, NOON);
    return fire(List.of(due), "a-1").firings().get(due);
  }

  void complete(Completion completion) {
    transaction(
        connection -> {
          writer.completed(connection, List.of(completion));
          return null;
        });
  }

  void stale(Completion completion) {
    transaction(
        connection -> {
          writer.stale(connection, List.of(completion));
          return null;
        });
  }

  /** Its node gives the execution up. */
  List<Repeat> handBack(Firing firing, String reason) {
    return transaction(
        c -> writer.handedBack(c, List.of(firing.id()), reason, NOON.plusSeconds(9)));
  }

  /** Another node fires it. */
  Firing again(Repeat repeat, String node) {
    Due due = Due.repeat(repeat.id(), repeat.jobId(), repeat.attempt());
    return fire(List.of(due), node).firings().get(due);
  }

  /** As if it had been cancelled, with nothing else done. */
  void cancelJob(Firing firing) {
    transaction(
        c ->
            Sql.update(
                c, "UPDATE job SET state = 'CANCELLED' WHERE id = ?", firing.job().id().value()));
  }

  static Completion completion(Firing firing, Outcome outcome, NextStep next) {
    return new Completion(firing, outcome, next, NOON.plusMillis(5), NOON.plusMillis(25));
  }

  /** One row of a table as {@code column=value} text. */
  String row(String columns, String from, Object... values) {
    List<String> rows = rows(columns, from, values);
    if (rows.size() != 1) {
      throw new AssertionError(rows.size() + " rows: " + rows);
    }
    return rows.get(0);
  }

  List<String> rows(String columns, String from, Object... values) {
    return transaction(
        connection ->
            Sql.query(
                connection,
                "SELECT CONCAT_WS(' ', " + columns + ") FROM " + from,
                row -> row.getString(1),
                values));
  }

  /** The execution's row. */
  String execution(String columns, ExecutionId id) {
    return row(columns, "execution WHERE id = ?", id.value());
  }

  List<String> attempts(String columns, ExecutionId id) {
    return rows(columns, "attempt WHERE execution_id = ? ORDER BY n", id.value());
  }

  @Override
  public void close() {
    database.close();
  }
}
