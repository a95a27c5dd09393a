package io.carillon.history;

import static io.carillon.history.Completions.success;
import static io.carillon.history.HistoryDatabase.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.JobId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Executions that their node gives up, or that outlive it: another attempt, or the end. */
class HandBackTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  @Test
  void a_lost_execution_waits_for_another_attempt_that_uses_up_none() {
    Firing firing = database.fireNow(database.storedNoop());

    List<Repeat> repeats = database.handBack(firing, Reasons.NODE_LOST);

    assertThat(repeats)
        .containsExactly(new Repeat(firing.id(), firing.job().id(), "default", 5, NOON, 2));
    assertThat(database.execution("state, reason, attempt, uncounted, deaths", firing.id()))
        .isEqualTo("QUEUED NODE_LOST 1 1 1");
    assertThat(database.attempts("n, node, IFNULL(finished_at, '-'), reason, counted", firing.id()))
        .containsExactly("1 a-1 - NODE_LOST 0");
    Firing second = database.again(repeats.get(0), "b-1");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.counted()).isEqualTo(1);
    assertThat(second.recovered()).isTrue();
  }

  @Test
  void an_execution_that_was_not_begun_awaits_the_same_attempt() {
    Firing firing = database.fireNow(database.storedNoop());

    List<Repeat> repeats = database.handBack(firing, Reasons.CIRCUIT_OPEN);

    assertThat(repeats)
        .containsExactly(new Repeat(firing.id(), firing.job().id(), "default", 5, NOON, 1));
    assertThat(
            database.execution(
                "state, reason, attempt, uncounted, IFNULL(fired_at, '-'), IFNULL(started_at, '-')",
                firing.id()))
        .isEqualTo("QUEUED CIRCUIT_OPEN 0 0 - -");
    assertThat(database.attempts("n", firing.id())).isEmpty();
    Firing again = database.again(repeats.get(0), "b-1");
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.recovered()).isFalse();
  }

  @Test
  void handing_back_twice_gives_one_repeat() {
    Firing firing = database.fireNow(database.storedNoop());
    database.handBack(firing, Reasons.NODE_LOST);

    assertThat(database.handBack(firing, Reasons.NODE_LOST)).isEmpty();
    assertThat(database.execution("uncounted, deaths", firing.id())).isEqualTo("1 1");
  }

  @Test
  void an_execution_that_is_over_or_missing_is_not_handed_back() {
    Firing firing = database.fireNow(database.storedNoop());
    database.complete(success(firing));

    assertThat(database.handBack(firing, Reasons.NODE_LOST)).isEmpty();
    assertThat(database.execution("state", firing.id())).isEqualTo("SUCCEEDED");
  }

  @Test
  void a_lost_execution_of_a_cancelled_job_is_over() {
    Firing firing = database.fireNow(database.storedNoop());
    database.cancelJob(firing);

    assertThat(database.handBack(firing, Reasons.NODE_LOST)).isEmpty();

    assertThat(database.execution("state, reason, finished_at", firing.id()))
        .isEqualTo("CANCELLED CANCELLED " + NOON.plusSeconds(9).toEpochMilli());
    assertThat(database.attempts("reason, counted", firing.id())).containsExactly("NODE_LOST 0");
  }

  @Test
  void a_drain_is_no_death() {
    Firing firing = database.fireNow(database.storedNoop());

    database.handBack(firing, Reasons.DRAINED);

    assertThat(database.execution("state, reason, uncounted, deaths", firing.id()))
        .isEqualTo("QUEUED DRAINED 1 0");
    assertThat(database.attempts("reason, counted", firing.id())).containsExactly("DRAINED 0");
  }

  @Test
  void the_third_death_ends_an_execution_as_poison() {
    Firing firing = database.fireNow(database.storedNoop());
    for (int death = 1; death <= 2; death++) {
      List<Repeat> repeats = database.handBack(firing, Reasons.NODE_LOST);
      assertThat(repeats).as("death %s", death).hasSize(1);
      firing = database.again(repeats.get(0), "node-" + death);
    }

    assertThat(database.handBack(firing, Reasons.NODE_LOST)).isEmpty();

    assertThat(database.execution("state, reason, finished_at, deaths", firing.id()))
        .isEqualTo("FAILED POISON " + NOON.plusSeconds(9).toEpochMilli() + " 3");
    assertThat(database.attempts("n", firing.id())).containsExactly("1", "2", "3");
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
    Due due = Due.repeat(id, job, 1);
    Firing firing = database.fire(List.of(due), "a-1").firings().get(due);

    Firing second = database.again(database.handBack(firing, Reasons.DRAINED).get(0), "b-1");

    assertThat(second.overrides()).isEqualTo(Map.of("parameters", Map.of("x", "y")));
  }
}
