package io.carillon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.history.Partitions.Made;
import io.carillon.history.Retention.TakenAway;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Made-up days: the clock is moved by hand, and each test has a schema of its own. */
class RetentionTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

  private HistoryDatabase database;
  private Partitions partitions;
  private Retention retention;
  private Instant now = START;

  @BeforeEach
  void open() {
    database = new HistoryDatabase();
    partitions = new Partitions(database.dataSource(), () -> now);
    retention = new Retention(database.dataSource(), () -> now, Duration.ofDays(30));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> names(String table) {
    return database.rows(
        "PARTITION_NAME",
        """
        information_schema.PARTITIONS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
        ORDER BY PARTITION_ORDINAL_POSITION
        """,
        table);
  }

  private ExecutionId execution(JobId job, Instant at, ExecutionState state) {
    return database.transaction(c -> execution(c, job, at, state));
  }

  private static ExecutionId execution(
      Connection connection, JobId job, Instant at, ExecutionState state) throws SQLException {
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

  private JobId recurring() {
    return database.stored(
        HistoryDatabase.everyMinute(HistoryDatabase.anyId(), Limits.NONE), START);
  }

  private String counts() {
    return database.row("(SELECT COUNT(*) FROM execution), (SELECT COUNT(*) FROM attempt)", "DUAL");
  }

  @Test
  void today_and_seven_days_ahead_have_a_partition() {
    assertThat(partitions.runOnce()).isEqualTo(new Made(true, 16, 0));

    for (String table : List.of("execution", "attempt")) {
      assertThat(names(table))
          .containsExactly(
              "p_old",
              "p20260301",
              "p20260302",
              "p20260303",
              "p20260304",
              "p20260305",
              "p20260306",
              "p20260307",
              "p20260308",
              "p_max");
    }
    assertThat(partitions.runOnce()).isEqualTo(new Made(true, 0, 0));
    now = now.plus(DAY);
    assertThat(partitions.runOnce()).isEqualTo(new Made(true, 2, 0));
    assertThat(names("attempt")).contains("p20260309");
  }

  @Test
  void a_server_that_was_off_for_weeks_loses_no_row_and_goes_on_by_days() {
    partitions.runOnce();
    JobId job = recurring();
    execution(job, now.plus(Duration.ofDays(12)), ExecutionState.SUCCEEDED);
    now = now.plus(Duration.ofDays(20));

    assertThat(partitions.runOnce()).isEqualTo(new Made(true, 16, 0));

    assertThat(names("execution")).contains("p20260308", "p20260321").doesNotContain("p20260315");
    assertThat(counts()).isEqualTo("1 1");
  }

  @Test
  void days_that_are_too_old_are_dropped_with_their_attempts_and_younger_ones_stay() {
    partitions.runOnce();
    JobId job = recurring();
    execution(job, START, ExecutionState.SUCCEEDED);
    execution(job, START.plus(DAY), ExecutionState.FAILED);
    execution(job, START.plus(DAY.multipliedBy(2)), ExecutionState.SKIPPED);
    now = START.plus(Duration.ofDays(32));

    TakenAway taken = retention.runOnce();

    assertThat(taken).isEqualTo(new TakenAway(true, 4, 0, 0, 0, 0, 0));
    assertThat(names("execution")).startsWith("p_old", "p20260303");
    assertThat(names("attempt")).startsWith("p_old", "p20260303");
    assertThat(counts()).isEqualTo("1 1");
  }

  @Test
  void nothing_is_dropped_before_its_day_is_wholly_out_of_time() {
    partitions.runOnce();
    now = Instant.parse("2026-03-31T23:59:59Z");
    assertThat(retention.runOnce().partitions()).isZero();

    now = Instant.parse("2026-04-01T00:00:00Z");
    assertThat(retention.runOnce().partitions()).isEqualTo(2);
  }

  @Test
  void a_day_with_an_unfinished_execution_stays() {
    partitions.runOnce();
    JobId job = recurring();
    ExecutionId stuck = execution(job, START, ExecutionState.RETRYING);
    execution(job, START.plus(DAY), ExecutionState.SUCCEEDED);
    now = START.plus(Duration.ofDays(35));

    TakenAway taken = retention.runOnce();

    assertThat(taken.kept()).isEqualTo(2);
    assertThat(database.rows("id", "execution")).containsExactly(stuck.value());
    assertThat(database.rows("execution_id", "attempt")).containsExactly(stuck.value());
  }

  @Test
  void what_lies_before_the_first_day_goes_in_small_steps() {
    JobId job = recurring();
    Instant old = Instant.parse("2025-06-01T00:00:00Z");
    ExecutionId stuck =
        database.transaction(
            c -> {
              for (int i = 0; i < 1203; i++) {
                execution(c, job, old.plusSeconds(i), ExecutionState.SUCCEEDED);
              }
              return execution(c, job, old.minusSeconds(1), ExecutionState.RUNNING);
            });

    assertThat(retention.runOnce().rows()).isEqualTo(2 * 1203);

    assertThat(database.rows("id", "execution")).containsExactly(stuck.value());
    assertThat(database.rows("execution_id", "attempt")).containsExactly(stuck.value());
  }

  @Test
  void finished_jobs_go_with_their_last_execution() {
    partitions.runOnce();
    JobId gone = finished("CANCELLED", START);
    JobId young = finished("COMPLETED", START.plus(Duration.ofDays(10)));
    JobId withHistory = finished("COMPLETED", START);
    execution(withHistory, START.plus(Duration.ofDays(6)), ExecutionState.SUCCEEDED);
    JobId active = recurring();
    database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
                SELECT namespace, id, 1, 1, spec, created_at FROM job
                """));
    now = START.plus(Duration.ofDays(32));

    assertThat(retention.runOnce().jobs()).isEqualTo(1);

    for (String table : List.of("job", "job_version")) {
      assertThat(database.rows("id", table))
          .as(table)
          .containsExactlyInAnyOrder(young.value(), withHistory.value(), active.value());
    }
    assertThat(database.rows("job_id", "job_label"))
        .containsExactlyInAnyOrder(young.value(), withHistory.value());
    assertThat(gone).isNotNull();
    now = START.plus(Duration.ofDays(38));
    assertThat(retention.runOnce().jobs()).as("its execution went first").isEqualTo(1);
  }

  @Test
  void a_job_that_is_being_changed_stays() throws SQLException {
    JobId job = finished("COMPLETED", START);
    now = START.plus(Duration.ofDays(32));
    try (Connection other = database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      database.writer.lockJobs(other, List.of(job));
      assertThat(retention.runOnce().jobs()).isZero();
      other.rollback();
    }

    assertThat(retention.runOnce().jobs()).isEqualTo(1);
  }

  @Test
  void many_finished_jobs_go_in_one_run() {
    List<Job> jobs =
        IntStream.range(0, 1100)
            .mapToObj(i -> HistoryDatabase.noop(new JobId("n" + i % 3, "job-" + i)))
            .toList();
    database.transaction(c -> database.insert(c, jobs, START));
    database.transaction(
        c -> Sql.update(c, "UPDATE job SET state = 'COMPLETED', finished_at = ?", START));
    now = START.plus(Duration.ofDays(32));

    assertThat(retention.runOnce().jobs()).isEqualTo(1100);
  }

  private JobId finished(String state, Instant at) {
    Job plain = HistoryDatabase.noop(HistoryDatabase.anyId());
    JobId id =
        database.stored(
            new Job(
                plain.id(),
                null,
                null,
                plain.queue(),
                plain.priority(),
                Map.of("a", "b"),
                plain.target(),
                plain.schedule(),
                plain.policies(),
                Map.of(),
                plain.origin()),
            START);
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

  @Test
  void expired_answers_go_and_others_stay() {
    for (String key : List.of("old", "new")) {
      database.transaction(
          c ->
              Sql.update(
                  c,
                  """
                  INSERT INTO idempotency (key_hash, body_hash, proposed_id, created_at,
                    locked_until, expires_at)
                  VALUES (?, '', '', 0, 0, ?)
                  """,
                  key,
                  key.equals("old") ? now.minusMillis(1) : now));
    }

    assertThat(retention.runOnce().answers()).isEqualTo(1);
    assertThat(database.rows("key_hash", "idempotency")).containsExactly("new");
  }

  @Test
  void only_one_node_works_at_a_time_and_the_next_turn_is_free() throws SQLException {
    Turn.take(
        database.dataSource(),
        "a test",
        connection -> {
          assertThat(partitions.runOnce()).isEqualTo(new Made(false, 0, 0));
          assertThat(retention.runOnce().ran()).isFalse();
          return "";
        });

    assertThat(partitions.runOnce().ran()).isTrue();
  }

  @Test
  void the_turn_is_free_again_after_a_failure() {
    assertThatThrownBy(
            () ->
                Turn.take(
                    database.dataSource(),
                    "a test",
                    connection -> Sql.update(connection, "no statement")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(retention.runOnce().ran()).isTrue();
  }

  @Test
  void a_table_in_use_is_waited_for_a_second_and_left_for_the_next_time() throws SQLException {
    partitions.runOnce();
    now = START.plus(DAY);
    try (Connection reader = database.plainConnection()) {
      reader.setAutoCommit(false);
      Sql.query(reader, "SELECT COUNT(*) FROM execution", row -> 1);
      long begin = System.nanoTime();

      assertThat(partitions.runOnce()).isEqualTo(new Made(true, 1, 1));

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
      reader.rollback();
    }
    assertThat(partitions.runOnce()).isEqualTo(new Made(true, 1, 0));
  }

  @Test
  void says_that_the_database_is_away() {
    AwayDataSource away = new AwayDataSource(new SQLTransientConnectionException("timeout"));

    assertThatThrownBy(() -> new Partitions(away, () -> now).runOnce())
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> new Retention(away, () -> now, DAY).runOnce())
        .isInstanceOf(StoreUnavailable.class);
  }
}
