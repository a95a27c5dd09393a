package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.Answer;
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
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.JobId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final long STARTED = NOON.toEpochMilli() + 5;
  private static final long FINISHED = NOON.toEpochMilli() + 25;

  private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static Completion success(Firing firing) {
    return completion(
        firing,
        new Succeeded(200, new Answer("welcome 🔔", true)),
        new Finish(ExecutionState.SUCCEEDED, null));
  }

  private static Completion failure(Firing firing) {
    return completion(
        firing,
        new Failed(Reasons.TIMEOUT, "no answer within 30 s", null, null, null),
        new Finish(ExecutionState.FAILED, Reasons.TIMEOUT));
  }

  private static Completion retry(Firing firing) {
    return completion(
        firing,
        new Failed(Reasons.http(503), "503 Service Unavailable", 503, null, null),
        new RetryAt(NOON.plusSeconds(2), Reasons.http(503)));
  }

  private static List<Repeat> handBack(Firing firing, String reason) {
    return database.transaction(
        c -> database.writer.handedBack(c, List.of(firing.id()), reason, NOON.plusSeconds(9)));
  }

  private static Firing again(Repeat repeat, String node) {
    Due due = new Due(repeat.id(), repeat.jobId(), repeat.scheduledAt(), repeat.attempt());
    return database.fire(List.of(due), node).firings().get(due);
  }

  @Test
  void a_success_in_one_attempt_ends_the_execution_without_an_attempt_row() {
    Firing firing = database.fireNow(database.storedNoop());

    database.complete(success(firing));

    assertThat(
            database.execution(
                "state, started_at, finished_at, http_status, response, response_truncated",
                firing.id()))
        .isEqualTo("SUCCEEDED " + STARTED + " " + FINISHED + " 200 welcome 🔔 1");
    assertThat(database.attempts("n", firing.id())).isEmpty();
  }

  @Test
  void a_failure_to_be_retried_waits_and_keeps_its_attempt() {
    Firing firing = database.fireNow(database.storedNoop());

    database.complete(retry(firing));

    assertThat(
            database.execution(
                "state, reason, next_attempt_at, IFNULL(finished_at, '-'), http_status",
                firing.id()))
        .isEqualTo("RETRYING HTTP_503 " + NOON.plusSeconds(2).toEpochMilli() + " - 503");
    assertThat(database.attempts("n, node, finished_at, reason, http_status, counted", firing.id()))
        .containsExactly("1 a-1 " + FINISHED + " HTTP_503 503 1");
  }

  @Test
  void the_last_attempt_of_several_is_kept_too() {
    Firing first = database.fireNow(database.storedNoop());
    database.complete(retry(first));
    Due due = new Due(first.id(), first.job().id(), NOON, 2);
    Firing second = database.fire(List.of(due), "b-1").firings().get(due);

    database.complete(success(second));

    assertThat(database.attempts("n, node, counted", first.id()))
        .containsExactly("1 a-1 1", "2 b-1 1");
    assertThat(database.execution("state, IFNULL(reason, '-')", first.id()))
        .isEqualTo("SUCCEEDED -");
  }

  @Test
  void an_outcome_never_changes_a_final_row_and_is_kept_where_retention_took_the_row_away() {
    Firing firing = database.fireNow(database.storedNoop());
    database.complete(success(firing));

    database.complete(failure(firing));
    assertThat(database.execution("state", firing.id())).isEqualTo("SUCCEEDED");

    database.transaction(
        c -> Sql.update(c, "DELETE FROM execution WHERE id = ?", firing.id().value()));
    database.complete(failure(firing));
    assertThat(database.execution("state, attempt", firing.id())).isEqualTo("FAILED 1");
  }

  @Test
  void an_outcome_of_an_attempt_that_another_node_makes_now_is_not_taken() {
    Firing lost = database.fireNow(database.storedNoop());
    Firing now = again(handBack(lost, Reasons.NODE_LOST).get(0), "b-1");

    database.complete(failure(lost));

    assertThat(database.execution("state, node", now.id())).isEqualTo("RUNNING b-1");
  }

  @Test
  void a_failure_of_a_job_that_was_cancelled_meanwhile_is_not_retried() {
    Firing firing = database.fireNow(database.storedNoop());
    cancelJob(firing);

    database.complete(retry(firing));

    assertThat(database.execution("state, reason, finished_at, http_status", firing.id()))
        .isEqualTo("CANCELLED CANCELLED " + FINISHED + " 503");
  }

  @Test
  void cancelling_ends_what_waits_and_leaves_what_runs_or_is_over() {
    JobId job = database.storedNoop();
    Firing waiting = database.fireNow(job);
    database.complete(retry(waiting));
    Due second = Due.planned(job, NOON.plusSeconds(60));
    Firing running = database.fire(List.of(second), "a-1").firings().get(second);
    Due third = Due.planned(job, NOON.plusSeconds(120));
    Firing over = database.fire(List.of(third), "a-1").firings().get(third);
    database.complete(success(over));

    database.transaction(
        c -> {
          database.writer.cancelled(c, job, NOON.plusSeconds(200));
          return null;
        });

    assertThat(database.execution("state, finished_at", waiting.id()))
        .isEqualTo("CANCELLED " + NOON.plusSeconds(200).toEpochMilli());
    assertThat(database.execution("state", running.id())).isEqualTo("RUNNING");
    assertThat(database.execution("state", over.id())).isEqualTo("SUCCEEDED");
  }

  @Test
  void a_lost_execution_waits_for_another_attempt_that_uses_up_none() {
    Firing firing = database.fireNow(database.storedNoop());

    List<Repeat> repeats = handBack(firing, Reasons.NODE_LOST);

    assertThat(repeats)
        .containsExactly(new Repeat(firing.id(), firing.job().id(), "default", 5, NOON, 2));
    assertThat(database.execution("state, reason, attempt, uncounted, deaths", firing.id()))
        .isEqualTo("QUEUED NODE_LOST 1 1 1");
    assertThat(database.attempts("n, node, IFNULL(finished_at, '-'), reason, counted", firing.id()))
        .containsExactly("1 a-1 - NODE_LOST 0");
    Firing second = again(repeats.get(0), "b-1");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.counted()).isEqualTo(1);
    assertThat(second.recovered()).isTrue();
  }

  @Test
  void handing_back_twice_gives_one_repeat() {
    Firing firing = database.fireNow(database.storedNoop());
    handBack(firing, Reasons.NODE_LOST);

    assertThat(handBack(firing, Reasons.NODE_LOST)).isEmpty();
    assertThat(database.execution("uncounted, deaths", firing.id())).isEqualTo("1 1");
  }

  @Test
  void an_execution_that_is_over_or_missing_is_not_handed_back() {
    Firing firing = database.fireNow(database.storedNoop());
    database.complete(success(firing));

    assertThat(handBack(firing, Reasons.NODE_LOST)).isEmpty();
    assertThat(database.execution("state", firing.id())).isEqualTo("SUCCEEDED");
  }

  @Test
  void a_lost_execution_of_a_cancelled_job_is_over() {
    Firing firing = database.fireNow(database.storedNoop());
    cancelJob(firing);

    assertThat(handBack(firing, Reasons.NODE_LOST)).isEmpty();

    assertThat(database.execution("state, reason, finished_at", firing.id()))
        .isEqualTo("CANCELLED CANCELLED " + NOON.plusSeconds(9).toEpochMilli());
    assertThat(database.attempts("reason, counted", firing.id())).containsExactly("NODE_LOST 0");
  }

  private static void cancelJob(Firing firing) {
    database.transaction(
        c ->
            Sql.update(
                c, "UPDATE job SET state = 'CANCELLED' WHERE id = ?", firing.job().id().value()));
  }

  @Test
  void a_drain_is_no_death() {
    Firing firing = database.fireNow(database.storedNoop());

    handBack(firing, Reasons.DRAINED);

    assertThat(database.execution("state, reason, uncounted, deaths", firing.id()))
        .isEqualTo("QUEUED DRAINED 1 0");
    assertThat(database.attempts("reason, counted", firing.id())).containsExactly("DRAINED 0");
  }

  @Test
  void the_third_death_ends_an_execution_as_poison() {
    Firing firing = database.fireNow(database.storedNoop());
    for (int death = 1; death <= 2; death++) {
      List<Repeat> repeats = handBack(firing, Reasons.NODE_LOST);
      assertThat(repeats).as("death %s", death).hasSize(1);
      firing = again(repeats.get(0), "node-" + death);
    }

    assertThat(handBack(firing, Reasons.NODE_LOST)).isEmpty();

    assertThat(database.execution("state, reason, finished_at, deaths", firing.id()))
        .isEqualTo("FAILED POISON " + NOON.plusSeconds(9).toEpochMilli() + " 3");
    assertThat(database.attempts("n", firing.id())).containsExactly("1", "2", "3");
  }

  @Test
  void a_stale_answer_is_kept_as_an_attempt_and_changes_no_outcome() {
    Firing lost = database.fireNow(database.storedNoop());
    Firing second = again(handBack(lost, Reasons.NODE_LOST).get(0), "b-1");
    database.complete(success(second));

    database.stale(failure(lost));

    assertThat(database.execution("state, attempt, node, http_status", lost.id()))
        .isEqualTo("SUCCEEDED 2 b-1 200");
    assertThat(database.attempts("n, node, finished_at, reason, error, counted", lost.id()))
        .containsExactly(
            "1 a-1 " + FINISHED + " STALE no answer within 30 s 0", "2 b-1 " + FINISHED + " 1");
  }

  @Test
  void a_stale_answer_of_an_execution_that_still_waits_is_kept() {
    Firing lost = database.fireNow(database.storedNoop());
    handBack(lost, Reasons.NODE_LOST);

    database.stale(success(lost));

    assertThat(database.execution("state", lost.id())).isEqualTo("QUEUED");
    assertThat(database.attempts("reason, http_status, counted", lost.id()))
        .containsExactly("STALE 200 0");
  }

  @Test
  void an_answer_that_was_stored_already_is_not_made_stale_by_being_told_again() {
    Firing once = database.fireNow(database.storedNoop());
    database.complete(success(once));
    Firing retried = database.fireNow(database.storedNoop());
    database.complete(retry(retried));

    database.stale(success(once));
    database.stale(retry(retried));

    assertThat(database.attempts("n", once.id())).isEmpty();
    assertThat(database.attempts("n, reason, counted", retried.id()))
        .containsExactly("1 HTTP_503 1");
    Due due = new Due(retried.id(), retried.job().id(), NOON, 2);
    database.fire(List.of(due), "b-1");
    database.stale(retry(retried));
    assertThat(database.attempts("n, reason, counted", retried.id()))
        .containsExactly("1 HTTP_503 1");
  }

  @Test
  void a_stale_answer_without_an_execution_leaves_nothing() {
    Firing firing = database.fireNow(database.storedNoop());
    database.transaction(
        c -> Sql.update(c, "DELETE FROM execution WHERE id = ?", firing.id().value()));

    database.stale(success(firing));

    assertThat(database.attempts("n", firing.id())).isEmpty();
  }

  @Test
  void overrides_survive_a_hand_over() {
    JobId job = database.storedNoop();
    ExecutionId id = ExecutionId.byHand(job, "k", NOON);
    database.transaction(
        c ->
            database.writer.insertRun(
                c,
                id,
                database.writer.lockJobs(c, List.of(job)).get(job),
                Map.of("parameters", Map.of("x", "y"))));
    Due due = new Due(id, job, NOON, 1);
    Firing firing = database.fire(List.of(due), "a-1").firings().get(due);

    Firing second = again(handBack(firing, Reasons.DRAINED).get(0), "b-1");

    assertThat(second.overrides()).isEqualTo(Map.of("parameters", Map.of("x", "y")));
  }
}
