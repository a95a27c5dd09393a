package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Days as a test makes them up, in a schema of its own. For one test thread. */
final class RetentionRig implements AutoCloseable {
  static final Duration DAY = Duration.ofDays(1);
  static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

  final HistoryDatabase database = new HistoryDatabase();

  /** Moved by hand. */
  Instant now = START;

  final Partitions partitions = new Partitions(database.dataSource(), () -> now);
  final Retention retention = keeping(Duration.ofDays(30), Duration.ofDays(30));

  /** With time for everything in one turn. */
  Retention keeping(Duration history, Duration letters) {
    return keeping(history, letters, Duration.ofMinutes(1));
  }

  Retention keeping(Duration history, Duration letters, Duration turn) {
    return new Retention(
        database.dataSource(),
        () -> now,
        new Retention.Kept(history, letters),
        connection -> true,
        turn);
  }

  /** A table's partitions, earliest first. */
  List<String> names(String table) {
    return database.rows(
        "PARTITION_NAME",
        """
        information_schema.PARTITIONS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
        ORDER BY PARTITION_ORDINAL_POSITION
        """,
        table);
  }

  /** An execution with one attempt. */
  ExecutionId execution(JobId job, Instant at, ExecutionState state) {
    return database.transaction(c -> execution(c, job, at, state));
  }

  static ExecutionId execution(Connection connection, JobId job, Instant at, ExecutionState state)
      throws SQLException {
    ExecutionId id = ExecutionId.planned(job, 1, at);
    Sql.update(
        connection,
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
          attempt)
        VALUES (?, ?, ?, ?, 1, 'default', ?, 1)
        """,
        id.value(),
        at,
        job.namespace(),
        job.value(),
        state);
    Sql.update(
        connection,
        """
        INSERT INTO attempt (execution_id, n, scheduled_at, node, started_at, counted)
        VALUES (?, 1, ?, 'a-1', ?, TRUE)
        """,
        id.value(),
        at,
        at);
    return id;
  }

  /** A job that goes on. */
  JobId recurring() {
    return database.stored(
        HistoryDatabase.everyMinute(HistoryDatabase.anyId(), Limits.NONE), START);
  }

  /** How many executions and attempts there are. */
  String counts() {
    return database.row("(SELECT COUNT(*) FROM execution), (SELECT COUNT(*) FROM attempt)", "DUAL");
  }

  /** A labelled job that ended then. */
  JobId finished(String state, Instant at) {
    Job labelled =
        SampleJob.like(HistoryDatabase.noop(HistoryDatabase.anyId()))
            .labels(Map.of("a", "b"))
            .build();
    JobId id = database.stored(labelled, START);
    database.transaction(
        c ->
            Sql.update(
                c,
                "UPDATE job SET state = ?, finished_at = ? WHERE id = ?",
                state,
                at,
                id.value()));
    return id;
  }

  @Override
  public void close() {
    database.close();
  }
}
