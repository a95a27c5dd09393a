package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.anyId;
import static io.carillon.history.HistoryDatabase.completion;
import static io.carillon.history.HistoryDatabase.everyMinute;
import static io.carillon.history.HistoryDatabase.noop;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep;
import io.carillon.execution.Outcome;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FiringTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  @Test
  void a_planned_instant_becomes_a_running_execution() {
    JobId job = database.storedNoop();

    Firing firing = database.fireNow(job);

    assertThat(firing.id()).isEqualTo(ExecutionId.planned(job, 1, NOON));
    assertThat(firing.attempt()).isEqualTo(1);
    assertThat(firing.counted()).isEqualTo(1);
    assertThat(firing.recovered()).isFalse();
    assertThat(database.execution("state, attempt, node, queue, scheduled_at", firing.id()))
        .isEqualTo("RUNNING 1 a-1 default " + NOON.toEpochMilli());
    assertThat(counters(job)).isEqualTo("1 " + NOON.toEpochMilli());
  }

  @Test
  void a_second_firing_of_one_instant_changes_nothing() {
    JobId job = database.storedNoop();
    Due due = Due.planned(job, NOON);
    Firing first = database.fireNow(job);

    Fired again = database.fire(List.of(due, due), "b-1");

    assertThat(again.firings()).isEmpty();
    assertThat(database.execution("state, node", first.id())).isEqualTo("RUNNING a-1");
    assertThat(counters(job)).startsWith("1 ");
  }

  @Test
  void the_same_instant_twice_in_one_batch_is_fired_once() {
    Due due = Due.planned(database.storedNoop(), NOON);

    assertThat(database.fire(List.of(due, due), "a-1").firings()).hasSize(1);
    assertThat(counters(due.jobId())).startsWith("1 ");
  }

  @Test
  void several_instants_of_a_job_count_each_and_the_latest_is_kept() {
    JobId job = database.stored(everyMinute(anyId(), Limits.NONE));
    Due late = Due.planned(job, NOON);
    Due early = Due.planned(job, NOON.minusSeconds(60));

    Fired fired = database.fire(List.of(late, early), "a-1");

    assertThat(fired.firings().keySet()).containsExactly(late, early);
    assertThat(counters(job)).isEqualTo("2 " + NOON.toEpochMilli());
  }

  @Test
  void no_instant_beyond_the_last_run_is_fired() {
    JobId job =
        database.stored(everyMinute(anyId(), new Limits(null, null, 2, Duration.ZERO, List.of())));
    List<Due> due =
        List.of(
            Due.planned(job, NOON),
            Due.planned(job, NOON.plusSeconds(60)),
            Due.planned(job, NOON.plusSeconds(120)));

    Fired fired = database.fire(due, "a-1");

    assertThat(fired.firings().keySet()).containsExactlyElementsOf(due.subList(0, 2));
    assertThat(fired.exhausted()).containsExactly(job);
    assertThat(database.fire(due.subList(2, 3), "a-1").exhausted()).containsExactly(job);
    assertThat(counters(job)).startsWith("2 ");
  }

  @Test
  void the_run_before_the_last_exhausts_nothing() {
    JobId job =
        database.stored(everyMinute(anyId(), new Limits(null, null, 2, Duration.ZERO, List.of())));

    assertThat(database.fire(List.of(Due.planned(job, NOON)), "a-1").exhausted()).isEmpty();
  }

  @Test
  void a_job_without_a_row_or_with_a_damaged_one_is_reported_and_harms_no_other() {
    JobId good = database.storedNoop();
    JobId missing = anyId();
    JobId damaged = database.storedNoop();
    database.transaction(
        c -> Sql.update(c, "UPDATE job SET spec = '{' WHERE id = ?", damaged.value()));

    Fired fired =
        database.fire(
            List.of(
                Due.planned(missing, NOON), Due.planned(damaged, NOON), Due.planned(good, NOON)),
            "a-1");

    assertThat(fired.unknownJobs()).containsExactlyInAnyOrder(missing, damaged);
    assertThat(fired.firings()).hasSize(1);
  }

  @Test
  void cancelled_jobs_are_not_fired() {
    JobId job = database.storedNoop();
    setState(job, "CANCELLED");

    assertThat(database.fire(List.of(Due.planned(job, NOON)), "a-1").firings()).isEmpty();
    assertThat(database.rows("id", "execution WHERE job_id = ?", job.value())).isEmpty();
  }

  /** A trigger that waits is due; whether a paused job's waits is the store's to say. */
  @Test
  void a_due_instant_of_a_paused_job_is_not_lost() {
    JobId job = database.storedNoop();
    setState(job, "PAUSED");

    assertThat(database.fire(List.of(Due.planned(job, NOON)), "a-1").firings()).hasSize(1);
  }

  @Test
  void a_run_by_hand_is_fired_once_with_what_it_replaces_and_counts_no_planned_run() {
    JobId job = database.storedNoop();
    setState(job, "PAUSED");
    ExecutionId id = runByHand(job, "k", Map.of("body", Map.of("a", 1)));
    Due due = Due.repeat(id, job, 1);

    Firing firing = database.fire(List.of(due), "a-1").firings().get(due);

    assertThat(firing.overrides()).isEqualTo(Map.of("body", Map.of("a", 1)));
    assertThat(firing.attempt()).isEqualTo(1);
    assertThat(database.execution("state, attempt, fired_at", id))
        .isEqualTo("RUNNING 1 " + NOON.toEpochMilli());
    assertThat(database.fire(List.of(due), "b-1").firings()).isEmpty();
    assertThat(counters(job)).isEqualTo("0");
  }

  @Test
  void the_same_request_by_hand_is_one_execution() {
    JobId job = database.storedNoop();
    runByHand(job, "once", Map.of());
    StoredJob stored = lock(job);

    boolean inserted =
        database.transaction(
            c ->
                database.writer.insertRun(
                    c, ExecutionId.byHand(job, "once", NOON), stored, Map.of()));

    assertThat(inserted).isFalse();
  }

  @Test
  void a_repeat_is_fired_only_when_its_row_awaits_exactly_that_attempt() {
    JobId job = database.storedNoop();
    Firing first = database.fireNow(job);
    Due second = Due.repeat(first.id(), job, 2);
    assertThat(database.fire(List.of(second), "a-1").firings()).as("still running").isEmpty();
    retry(first);
    assertThat(database.fire(List.of(Due.repeat(first.id(), job, 3)), "a-1").firings())
        .as("not the next one")
        .isEmpty();

    Firing firing = database.fire(List.of(second), "b-1").firings().get(second);

    assertThat(firing.attempt()).isEqualTo(2);
    assertThat(firing.counted()).isEqualTo(2);
    assertThat(firing.recovered()).isFalse();
    assertThat(
            database.execution("state, attempt, node, reason, next_attempt_at, error", first.id()))
        .isEqualTo("RUNNING 2 b-1");
    assertThat(database.fire(List.of(second), "c-1").firings()).isEmpty();
    assertThat(counters(job)).startsWith("1 ");
  }

  @Test
  void a_repeat_of_a_cancelled_job_is_left_alone() {
    JobId job = database.storedNoop();
    Firing first = database.fireNow(job);
    retry(first);
    setState(job, "CANCELLED");

    assertThat(database.fire(List.of(Due.repeat(first.id(), job, 2)), "a-1").firings()).isEmpty();
    assertThat(database.execution("state", first.id())).isEqualTo("RETRYING");
  }

  @Test
  void a_repeat_without_a_row_is_left_alone() {
    JobId job = database.storedNoop();
    ExecutionId id = ExecutionId.byHand(job, "gone", NOON);

    assertThat(database.fire(List.of(Due.repeat(id, job, 1)), "a-1").firings()).isEmpty();
    assertThat(database.rows("id", "execution WHERE id = ?", id.value())).isEmpty();
  }

  private static void retry(Firing firing) {
    Instant later = NOON.plusSeconds(2);
    database.complete(
        completion(
            firing,
            new Outcome.Failed(Reasons.http(503), "no", 503, null, null),
            new NextStep.RetryAt(later, Reasons.http(503))));
    assertThat(database.execution("state, next_attempt_at", firing.id()))
        .isEqualTo(ExecutionState.RETRYING + " " + later.toEpochMilli());
  }

  private static ExecutionId runByHand(JobId job, String key, Map<String, Object> overrides) {
    ExecutionId id = ExecutionId.byHand(job, key, NOON);
    StoredJob stored = lock(job);
    assertThat(
            (boolean)
                database.transaction(c -> database.writer.insertRun(c, id, stored, overrides)))
        .isTrue();
    return id;
  }

  private static StoredJob lock(JobId job) {
    return database.transaction(c -> database.writer.lockJobs(c, List.of(job))).get(job);
  }

  private static void setState(JobId job, String state) {
    database.transaction(
        c -> Sql.update(c, "UPDATE job SET state = ? WHERE id = ?", state, job.value()));
  }

  private static String counters(JobId job) {
    return database.row("runs, last_scheduled_at", "job WHERE id = ?", job.value());
  }

  @Test
  void a_job_may_be_fired_right_after_it_was_stored_with_its_own_id() {
    JobId job = database.stored(noop(new JobId("other-space", anyId().value())));

    assertThat(database.fireNow(job).job().id()).isEqualTo(job);
  }

  @Test
  void a_batch_larger_than_a_statement_is_fired_whole() {
    List<Job> jobs = Stream.generate(() -> noop(anyId())).limit(1001).toList();
    database.transaction(c -> database.insert(c, jobs, NOON));

    Fired fired =
        database.fire(jobs.stream().map(job -> Due.planned(job.id(), NOON)).toList(), "a-1");

    assertThat(fired.firings()).hasSize(1001);
    assertThat(counters(jobs.get(1000).id())).startsWith("1 ");
  }
}
