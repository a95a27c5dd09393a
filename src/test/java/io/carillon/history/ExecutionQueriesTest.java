package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.carillon.db.Sql;
import io.carillon.execution.Answer;
import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Executions.Filter;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.BadCursor;
import io.carillon.job.Jobs.Page;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExecutionQueriesTest {
  @AutoClose private static HistoryDatabase database;
  private static ExecutionQueries executions;

  private final String namespace = "n-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
    executions = new ExecutionQueries(database.dataSource());
    new Partitions(database.dataSource(), () -> NOON).runOnce();
  }

  private JobId job(String value, String queue, Map<String, String> labels) {
    Job plain = HistoryDatabase.everyMinute(new JobId(namespace, value), Limits.NONE);
    return database.stored(SampleJob.like(plain).queue(queue).labels(labels).build());
  }

  private JobId job(String value) {
    return job(value, "default", Map.of());
  }

  private static Firing fire(JobId job, Instant at) {
    Due due = Due.planned(job, at);
    return database.fire(List.of(due), "a-1").firings().get(due);
  }

  private static void finish(Firing firing) {
    database.complete(
        completion(
            firing,
            new Outcome.Succeeded(200, new Answer("ok", false)),
            new Finish(ExecutionState.SUCCEEDED, null)));
  }

  private Filter all() {
    return new Filter(namespace, null, Set.of(), null, null, null, Map.of());
  }

  private static List<ExecutionId> ids(Filter filter) {
    return executions.list(filter, null, 100).items().stream().map(Execution::id).toList();
  }

  @Test
  void an_execution_is_found_in_its_namespace_only() {
    Firing firing = fire(job("a"), NOON);
    finish(firing);

    Execution found = executions.find(namespace, firing.id()).orElseThrow();

    assertThat(found.jobId()).isEqualTo(firing.job().id());
    assertThat(found.scheduledAt()).isEqualTo(NOON);
    assertThat(found.state()).isEqualTo(ExecutionState.SUCCEEDED);
    assertThat(found.response()).isEqualTo(new Answer("ok", false));
    assertThat(found.duration()).isEqualTo(Duration.ofMillis(20));
    assertThat(found.lateness()).isEqualTo(Duration.ZERO);
    assertThat(executions.find("default", firing.id())).isEmpty();
    assertThat(executions.attempts("default", firing.id())).isEmpty();
  }

  @Test
  void executions_are_found_by_their_reason() {
    JobId job = job("a");
    finish(fire(job, NOON));
    Firing poison = fire(job, NOON.plusSeconds(60));
    database.complete(
        completion(
            poison,
            Outcome.Failed.of("POISON", "three deaths"),
            new Finish(ExecutionState.FAILED, "POISON")));

    Filter filter = new Filter(namespace, null, Set.of(), null, null, null, Map.of(), "POISON");
    assertThat(ids(filter)).containsExactly(poison.id());
    assertThat(ids(new Filter(namespace, job, Set.of(), null, null, null, Map.of(), "NONE")))
        .isEmpty();
  }

  @Test
  void one_execution_is_read_from_one_partition() {
    Firing firing = fire(job("a"), NOON.plusSeconds(3 * 86_400));

    assertThat(
            partitions(
                ExecutionQueries.FIND, firing.id().value(), firing.id().scheduledAt(), namespace))
        .containsExactly("p20261124");
  }

  @Test
  void a_time_range_reads_its_own_partitions_only() {
    assertThat(
            partitions(
                "SELECT id FROM execution WHERE scheduled_at >= ? AND scheduled_at <= ?",
                NOON.plusSeconds(86_400),
                NOON.plusSeconds(2 * 86_400)))
        .containsExactly("p20261122", "p20261123");
  }

  private static List<String> partitions(String statement, Object... values) {
    return database.transaction(
        c -> {
          boolean maria = c.getMetaData().getDatabaseProductVersion().contains("MariaDB");
          String names =
              Sql.queryOne(
                      c,
                      (maria ? "EXPLAIN PARTITIONS " : "EXPLAIN ") + statement,
                      row -> row.getString("partitions"),
                      values)
                  .orElseThrow();
          return List.of(names.split(","));
        });
  }

  @Test
  void the_only_attempt_of_an_execution_is_shown_like_any_other() {
    Firing firing = fire(job("a"), NOON);
    assertThat(executions.attempts(namespace, firing.id()))
        .containsExactly(new Attempt(1, "a-1", NOON, null, null, null, null, true));

    finish(firing);

    assertThat(executions.attempts(namespace, firing.id()))
        .containsExactly(
            new Attempt(1, "a-1", NOON.plusMillis(5), NOON.plusMillis(25), 200, null, null, true));
  }

  @Test
  void all_attempts_are_shown_oldest_first() {
    Firing first = fire(job("a"), NOON);
    database.complete(
        completion(
            first,
            Outcome.Failed.of(Reasons.DNS, "no such host"),
            new RetryAt(NOON.plusSeconds(2), Reasons.DNS)));
    Due due = Due.repeat(first.id(), first.job().id(), 2);
    database.fire(List.of(due), "b-1");

    assertThat(executions.attempts(namespace, first.id()))
        .extracting(Attempt::n, Attempt::node, Attempt::reason)
        .containsExactly(tuple(1, "a-1", "DNS"), tuple(2, "b-1", null));
  }

  @Test
  void pages_give_every_execution_once_newest_first_while_some_are_added() {
    JobId job = job("a");
    List<ExecutionId> expected =
        new ArrayList<>(
            IntStream.range(0, 23)
                .mapToObj(i -> fire(job, NOON.plusSeconds(i * 8000L)).id())
                .toList());
    expected.sort(Comparator.comparing(ExecutionId::value).reversed());

    for (Filter filter : List.of(all(), Filter.ofJob(job))) {
      List<ExecutionId> seen = new ArrayList<>();
      String cursor = null;
      do {
        Page<Execution> page = executions.list(filter, cursor, 4);
        page.items().forEach(execution -> seen.add(execution.id()));
        cursor = page.nextCursor();
        fire(job, NOON.plusSeconds(300_000 + seen.size() + (filter.job() == null ? 0 : 1000)));
      } while (cursor != null);
      assertThat(seen.subList(seen.size() - expected.size(), seen.size())).isEqualTo(expected);
      assertThat(seen).doesNotHaveDuplicates();
    }
  }

  @Test
  void filters_narrow_a_list() {
    JobId a = job("a", "q1", Map.of("env", "prod", "team", "x"));
    JobId b = job("b", "q2", Map.of("env", "prod"));
    Firing a1 = fire(a, NOON);
    Firing a2 = fire(a, NOON.plusSeconds(60));
    Firing b1 = fire(b, NOON.plusSeconds(120));
    finish(a1);

    assertThat(ids(all())).containsExactly(b1.id(), a2.id(), a1.id());
    assertThat(ids(Filter.ofJob(a))).containsExactly(a2.id(), a1.id());
    assertThat(ids(states(ExecutionState.SUCCEEDED))).containsExactly(a1.id());
    assertThat(ids(states(ExecutionState.SUCCEEDED, ExecutionState.RUNNING)))
        .containsExactly(b1.id(), a2.id(), a1.id());
    assertThat(ids(new Filter(namespace, null, Set.of(), "q2", null, null, Map.of())))
        .containsExactly(b1.id());
    assertThat(ids(new Filter(namespace, null, Set.of(), null, null, null, Map.of("team", "x"))))
        .containsExactly(a2.id(), a1.id());
    assertThat(
            ids(
                new Filter(
                    namespace,
                    b,
                    Set.of(ExecutionState.RUNNING),
                    "q2",
                    NOON,
                    null,
                    Map.of("env", "prod"))))
        .containsExactly(b1.id());
  }

  private Filter states(ExecutionState... states) {
    return new Filter(namespace, null, Set.of(states), null, null, null, Map.of());
  }

  @Test
  void a_time_range_includes_both_ends() {
    JobId job = job("a");
    List<ExecutionId> ids =
        Stream.of(0, 1, 2, 3).map(ms -> fire(job, NOON.plusMillis(ms)).id()).toList();

    assertThat(ids(range(NOON.plusMillis(1), NOON.plusMillis(2))))
        .containsExactly(ids.get(2), ids.get(1));
    assertThat(ids(range(NOON.plusNanos(1), null)))
        .containsExactly(ids.get(3), ids.get(2), ids.get(1));
    assertThat(ids(range(null, NOON))).containsExactly(ids.get(0));
    assertThat(ids(range(Instant.MIN, Instant.MAX))).hasSize(4);
    assertThat(ids(range(Instant.MAX, null))).isEmpty();
  }

  private Filter range(Instant from, Instant to) {
    return new Filter(namespace, null, Set.of(), null, from, to, Map.of());
  }

  @Test
  void a_cursor_that_this_server_did_not_make_is_refused() {
    String ofJob = Cursor.of(NOON, JobId.of("a"));
    for (String junk : List.of("", "?", "ZQ", ofJob, "x".repeat(5000))) {
      assertThatThrownBy(() -> executions.list(all(), junk, 5))
          .as(junk)
          .isInstanceOf(BadCursor.class);
    }
  }

  @Test
  void an_absent_database_is_told_from_a_defect() {
    assertThatThrownBy(() -> findOn(new SQLNonTransientConnectionException("reset")))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> findOn(new SQLSyntaxErrorException("near")))
        .isInstanceOf(IllegalStateException.class);
  }

  private void findOn(SQLException answer) {
    new ExecutionQueries(new AwayDataSource(answer))
        .find(namespace, ExecutionId.planned(JobId.of("a"), 1, NOON));
  }
}
