package io.carillon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Live;
import io.carillon.execution.NextStep.Await;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Progress;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.job.Async;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredProgressTest {
  private static final Instant AT = HistoryDatabase.NOON;

  private HistoryDatabase database;
  private StoredProgress reports;
  private ExecutionQueries queries;
  private Firing run;

  @BeforeEach
  void open() {
    database = new HistoryDatabase();
    reports = new StoredProgress(database::dataSource, () -> EventSink.NONE);
    queries = new ExecutionQueries(database.dataSource());
    run = database.fireNow(database.storedNoop());
  }

  @AfterEach
  void close() {
    reports.close();
    database.close();
  }

  private Live live() {
    return queries.live(JobId.DEFAULT_NAMESPACE, run.id());
  }

  private void report(int percent, String note) {
    reports.report(run.id(), 1, new Progress(percent, note, AT.plusMillis(percent)));
  }

  @Test
  void the_last_report_is_on_disk_a_quarter_of_a_second_later() {
    report(10, "begun");
    report(40, "ünder way");
    await()
        .atMost(Duration.ofSeconds(2))
        .untilAsserted(
            () ->
                assertThat(live().progress())
                    .isEqualTo(new Progress(40, "ünder way", AT.plusMillis(40))));
  }

  @Test
  void a_thousand_reports_cost_a_few_statements() {
    report(0, null);
    long before = updates();
    for (int n = 0; n < 1_000; n++) {
      report(n % 100, "report " + n);
    }
    report(99, "the last");
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> live().progress() != null && live().progress().percent() == 99);
    assertThat(updates() - before).isLessThanOrEqualTo(20);
  }

  private long updates() {
    return status("Com_update");
  }

  private long inserts() {
    return status("Com_insert");
  }

  private long status(String name) {
    return database.transaction(
        connection ->
            Sql.queryOne(
                    connection,
                    "SHOW GLOBAL STATUS LIKE '" + name + "'",
                    row -> row.getLong("Value"))
                .orElseThrow());
  }

  @Test
  void what_does_not_run_or_is_at_another_attempt_takes_no_report() {
    assertThatThrownBy(() -> reports.report(run.id(), 2, new Progress(1, null, AT)))
        .isInstanceOf(NotRunning.class)
        .hasMessageContaining("attempt 2");
    ExecutionId none = ExecutionId.planned(HistoryDatabase.anyId(), 1, AT);
    assertThatThrownBy(() -> reports.report(none, 1, new Progress(1, null, AT)))
        .isInstanceOf(UnknownRun.class);

    database.complete(
        new Completion(
            run,
            new Succeeded(200, null),
            new Finish(ExecutionState.SUCCEEDED, null),
            AT,
            AT.plusSeconds(1)));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> report(50, null))
                    .isInstanceOfSatisfying(
                        NotRunning.class,
                        over -> assertThat(over.state()).isEqualTo(ExecutionState.SUCCEEDED)));
    assertThat(live().progress()).isNull();
  }

  @Test
  void a_report_is_a_sign_of_life_that_moves_the_deadline_but_not_beyond_the_last() {
    awaits(new Async(Duration.ofHours(1), Duration.ofSeconds(1)));
    assertThat(live().awaitsUntil()).isNotNull();
    long first = dueAt();
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    report(5, null);
    await().atMost(Duration.ofSeconds(2)).until(() -> dueAt() > first);

    update("UPDATE awaited SET awaits_until = 1");
    report(6, null);
    await().atMost(Duration.ofSeconds(2)).until(() -> dueAt() == 1);
    report(7, null);
    update("UPDATE awaited SET due_at = 0");
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> live().progress() != null && live().progress().percent() == 7);
    assertThat(dueAt()).as("cancelled: a report does not bring it back").isBetween(0L, 1L);
  }

  private void update(String sql) {
    database.transaction(connection -> Sql.update(connection, sql));
  }

  private long dueAt() {
    return of("due_at", "awaited");
  }

  @Test
  void many_executions_that_report_at_once_are_written_by_a_few_statements() {
    List<Firing> runs = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      runs.add(database.fireNow(database.storedNoop()));
    }
    runs.forEach(one -> reports.report(one.id(), 1, new Progress(0, null, AT)));
    await().atMost(Duration.ofSeconds(2)).until(() -> atPercent(0) == runs.size());
    long before = updates() + inserts();
    runs.forEach(one -> reports.report(one.id(), 1, new Progress(77, "on", AT)));
    await().atMost(Duration.ofSeconds(2)).until(() -> atPercent(77) == runs.size());
    assertThat(updates() + inserts() - before).isLessThanOrEqualTo(20);
    assertThat(of("COUNT(*)", "execution")).isEqualTo(runs.size() + 1);
  }

  @Test
  void a_report_of_an_attempt_that_is_over_is_no_sign_of_life_of_the_next() {
    report(1, null);
    await().atMost(Duration.ofSeconds(2)).until(() -> atPercent(1) == 1);
    update("UPDATE execution SET attempt = 2");
    awaits(new Async(Duration.ofHours(1), Duration.ofSeconds(1)));
    update("UPDATE awaited SET attempt = 2, due_at = 5");
    report(2, null);
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    assertThat(dueAt()).isEqualTo(5);
    assertThat(atPercent(1)).isEqualTo(1);
  }

  private long atPercent(int percent) {
    return of("COUNT(*)", "execution WHERE progress_percent = " + percent);
  }

  private long of(String what, String from) {
    return database.transaction(
        connection ->
            Sql.queryOne(connection, "SELECT " + what + " FROM " + from, row -> row.getLong(1))
                .orElseThrow());
  }

  private void awaits(Async async) {
    database.transaction(
        connection -> {
          database
              .writer
              .runs()
              .await(
                  connection,
                  List.of(new Completion(run, new Succeeded(202, null), new Await(async), AT, AT)));
          return null;
        });
  }
}
