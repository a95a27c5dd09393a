package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Redrives.Redriven;
import io.carillon.execution.Redrives.Refusal;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What failed for good is a dead letter, until it is redriven, purged, or old. */
@Timeout(60)
class RedriveTest extends LettersCase {
  @Test
  void a_redriven_one_goes_on_under_its_own_id_with_attempts_anew() {
    JobId id = create(RetryPolicy.fixed(2, Duration.ofMillis(1)));
    ExecutionId dead = dead(1).get(0);
    well = true;

    Redriven redriven = redrive(List.of(dead), Duration.ofSeconds(1));

    assertThat(redriven.planned()).containsOnlyKeys(dead);
    assertThat(letters.find(HERE, dead)).isEmpty();
    await().until(() -> rig.executionOf(id).equals("SUCCEEDED 3"));
    assertThat(execution(dead).deadLettered()).isFalse();
    assertThat(executions.attempts(HERE, dead))
        .extracting(attempt -> attempt.n() + " " + attempt.reason())
        .containsExactly("1 HTTP_503", "2 HTTP_503", "3 null");
    Firing last = rig.target.arrivalsOf(id).get(2);
    assertThat(last.id()).isEqualTo(dead);
    assertThat(last.scheduledAt()).isEqualTo(dead.scheduledAt());
    assertThat(last.counted()).isEqualTo(1);
  }

  @Test
  void one_that_fails_again_has_all_its_attempts_and_is_a_letter_again() {
    JobId id = create(RetryPolicy.fixed(2, Duration.ofMillis(1)));
    ExecutionId dead = dead(1).get(0);

    redrive(List.of(dead), Duration.ZERO);

    await().until(() -> rig.executionOf(id).equals("FAILED 4"));
    assertThat(dead(1)).containsExactly(dead);
    assertThat(letters.find(HERE, dead).orElseThrow().execution().attempt()).isEqualTo(4);
  }

  @Test
  void the_only_attempt_of_an_execution_is_kept_when_it_is_redriven() {
    JobId id = create(RetryPolicy.none());
    ExecutionId dead = dead(1).get(0);
    well = true;

    redrive(List.of(dead), Duration.ZERO);

    await().until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));
    assertThat(executions.attempts(HERE, dead))
        .extracting(attempt -> attempt.n() + " " + attempt.httpStatus())
        .containsExactly("1 503", "2 200");
  }

  @Test
  void many_are_attempted_one_after_another_at_the_pace_asked_for() {
    engine
        .jobs()
        .createAll(
            IntStream.range(0, 30)
                .mapToObj(i -> Samples.job(Samples.newId(), Samples.now(), RetryPolicy.none()))
                .toList(),
            false);
    List<ExecutionId> dead = dead(30);
    rig.target.arrivals().clear();
    well = true;

    Redriven redriven = redrive(dead, Duration.ofMillis(50));

    List<Instant> due = new ArrayList<>(redriven.planned().values());
    for (int i = 1; i < due.size(); i++) {
      assertThat(Duration.between(due.get(i - 1), due.get(i))).isEqualTo(Duration.ofMillis(50));
    }
    await().until(() -> rig.target.arrivals().size() == 30);
    assertThat(rig.target.arrivals())
        .allSatisfy(
            firing ->
                assertThat(firing.firedAt()).isAfterOrEqualTo(redriven.planned().get(firing.id())));
  }

  @Test
  void each_is_attempted_once_though_many_callers_ask_for_all_on_two_nodes() throws Exception {
    Engine other = rig.start();
    engine
        .jobs()
        .createAll(
            IntStream.range(0, 300)
                .mapToObj(i -> Samples.job(Samples.newId(), Samples.now(), RetryPolicy.none()))
                .toList(),
            false);
    List<ExecutionId> dead = dead(300);
    rig.target.arrivals().clear();
    well = true;
    ExecutorService callers = Executors.newFixedThreadPool(8);
    int planned = 0;
    try {
      List<Future<Redriven>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Engine node = i % 2 == 0 ? engine : other;
        answers.add(callers.submit(() -> node.redrives().redrive(HERE, dead, Duration.ZERO)));
      }
      for (Future<Redriven> answer : answers) {
        planned += answer.get(30, TimeUnit.SECONDS).planned().size();
      }
    } finally {
      callers.shutdownNow();
    }

    assertThat(planned).isEqualTo(300);
    await()
        .until(
            () ->
                rig.one("SELECT COUNT(*) FROM execution WHERE state = 'SUCCEEDED'").equals("300"));
    assertThat(rig.target.arrivals()).hasSize(300).extracting(Firing::id).doesNotHaveDuplicates();
  }

  @Test
  void what_cannot_be_redriven_is_told_and_stays_as_it_is() {
    JobId cancelled = create(RetryPolicy.none());
    ExecutionId letter = dead(1).get(0);
    engine.jobs().cancel(cancelled, OptionalLong.empty(), false);
    ExecutionId unknown = ExecutionId.planned(cancelled, 9, Instant.now());

    Redriven redriven = redrive(List.of(letter, unknown), Duration.ZERO);

    assertThat(redriven.planned()).isEmpty();
    assertThat(redriven.refused())
        .isEqualTo(Map.of(letter, Refusal.JOB_GONE, unknown, Refusal.NOT_FOUND));
    assertThat(letters.find(HERE, letter)).isPresent();
    assertThat(letters.redrivable(ALL, 10)).isEmpty();
    assertThat(rig.executionOf(cancelled)).isEqualTo("FAILED 1");
  }

  @Test
  void an_execution_that_goes_on_already_is_not_redriven() {
    JobId id = create(RetryPolicy.none());
    ExecutionId dead = dead(1).get(0);
    rig.update("UPDATE execution SET state = 'SUCCEEDED' WHERE id = ?", dead.value());

    assertThat(redrive(List.of(dead), Duration.ZERO).refused())
        .isEqualTo(Map.of(dead, Refusal.NOT_FOUND));
    assertThat(rig.executionOf(id)).isEqualTo("SUCCEEDED 1");
  }

  @Test
  void one_whose_execution_history_has_forgotten_is_there_again() {
    JobId id = create(RetryPolicy.none());
    ExecutionId dead = dead(1).get(0);
    rig.update("DELETE FROM execution WHERE id = ?", dead.value());
    well = true;

    redrive(List.of(dead), Duration.ZERO);

    await().until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));
  }

  @Test
  void letters_of_a_job_that_must_not_run_beside_itself_follow_one_another() {
    JobId id = Samples.newId();
    Job job =
        SampleJob.noop(id, new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE))
            .retry(RetryPolicy.none())
            .overlap(Overlap.QUEUE_ALL)
            .build();
    engine.jobs().create(job);
    await().until(() -> letters.select(ALL, 10).size() >= 2);
    engine.jobs().pause(id, null, null);
    List<ExecutionId> dead = letters.select(ALL, 10);
    well = true;

    redrive(dead, Duration.ZERO);
    assertThat(
            rig.query(
                "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME LIKE 'execution/%' ORDER BY TRIGGER_NAME",
                row -> row.getString(1)))
        .startsWith("PAUSED", "QUEUED");
    rig.target.arrivals().clear();
    engine.jobs().resume(id);

    await()
        .until(
            () ->
                dead.stream().allMatch(one -> execution(one).state() == ExecutionState.SUCCEEDED));
    assertThat(rig.target.arrivals())
        .extracting(Firing::id)
        .filteredOn(dead::contains)
        .containsExactlyElementsOf(dead);
  }
}
