package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.Runs.Ended;
import io.carillon.execution.Runs.Report;
import io.carillon.harness.Gates;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A target that answers 202 and tells the outcome later, to any node. */
class AwaitedRunsTest {
  private static final Report DONE = new Report(true, new Answer("{\"n\":1}", false), null);
  private static final Report FAILED = new Report(false, null, "no paper");

  @AutoClose private static EngineRig rig;
  private static Engine engine;

  private final JobId id = Samples.newId();

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    rig.target.answers(firing -> new Outcome.Succeeded(202, null));
    engine = rig.start();
  }

  private static SampleJob job(JobId id, Schedule schedule, Map<String, String> async) {
    return SampleJob.noop(id, schedule).retry(RetryPolicy.none()).with("async", async);
  }

  private int arrivals() {
    return rig.target.arrivalsOf(id).size();
  }

  private ExecutionId awaited(int nth) {
    await().atMost(PATIENCE).until(() -> arrivals() >= nth && awaited().equals("1"));
    return rig.target.arrivalsOf(id).get(nth - 1).id();
  }

  private String state() {
    return rig.one(
        "SELECT CONCAT(state, ' ', COALESCE(reason, '-'), ' ', attempt) FROM execution"
            + " WHERE job_id = ? ORDER BY id LIMIT 1",
        id.value());
  }

  private void nothingIsLeft() {
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    // A look at strays that came between has taken it for one; the next one sees that it is over.
    await().atMost(PATIENCE).until(() -> awaited().equals("0"));
  }

  private String awaited() {
    return awaitedOf(id);
  }

  private static String awaitedOf(JobId job) {
    return rig.one(
        "SELECT COUNT(*) FROM awaited WHERE execution_id IN"
            + " (SELECT id FROM execution WHERE job_id = ?)",
        job.value());
  }

  private String of(String column) {
    return rig.one("SELECT " + column + " FROM execution WHERE job_id = ?", id.value());
  }

  @Test
  void answered_by_later_it_runs_on_without_a_worker_and_ends_by_the_targets_word_on_any_node() {
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1M")).build());
    ExecutionId run = awaited(1);

    await().atMost(PATIENCE).until(() -> engine.inFlight() == 0);
    assertThat(state()).isEqualTo("RUNNING - 1");
    assertThat(rig.jobOf(id)).isEqualTo("ACTIVE");
    assertThat(of("http_status")).isEqualTo("202");

    assertThat(of("awaits_until > 0")).isEqualTo("1");
    engine.close();
    engine = rig.start();
    assertThat(state()).isEqualTo("RUNNING - 1");
    assertThat(engine.runs().complete(run, 1, DONE))
        .isEqualTo(new Ended(ExecutionState.SUCCEEDED, null, null));
    assertThat(state()).isEqualTo("SUCCEEDED - 1");
    assertThat(of("response")).isEqualTo("{\"n\":1}");
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
    nothingIsLeft();
    assertThatThrownBy(() -> engine.runs().complete(run, 1, DONE))
        .isInstanceOfSatisfying(
            NotRunning.class, over -> assertThat(over.state()).isEqualTo(ExecutionState.SUCCEEDED));
    assertThat(arrivals()).isEqualTo(1);
  }

  @Test
  void a_reported_failure_is_retried_by_the_jobs_policy() {
    engine
        .jobs()
        .create(
            job(id, Samples.now(), Map.of("timeout", "PT1M"))
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(50)))
                .build());
    ExecutionId run = awaited(1);
    Ended ended = engine.runs().complete(run, 1, FAILED);
    assertThat(ended.state()).isEqualTo(ExecutionState.RETRYING);
    assertThat(ended.nextAttemptAt()).isNotNull();

    awaited(2);
    assertThatThrownBy(() -> engine.runs().complete(run, 1, DONE)).isInstanceOf(NotRunning.class);
    assertThat(engine.runs().complete(run, 2, FAILED).state()).isEqualTo(ExecutionState.FAILED);
    assertThat(state()).isEqualTo("FAILED TARGET_FAILED 2");
    assertThat(of("error")).isEqualTo("no paper");
    nothingIsLeft();
  }

  @Test
  void a_word_that_does_not_come_in_time_is_a_timeout_and_a_silent_target_has_lost_its_heart() {
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1S")).build());
    ExecutionId run = awaited(1);
    await().atMost(Duration.ofSeconds(4)).until(() -> state().equals("FAILED TIMEOUT 1"));
    assertThatThrownBy(() -> engine.runs().complete(run, 1, DONE)).isInstanceOf(NotRunning.class);
    assertThat(state()).isEqualTo("FAILED TIMEOUT 1");

    JobId silent = Samples.newId();
    Map<String, String> async = Map.of("timeout", "PT1H", "heartbeat", "PT1S");
    engine.jobs().create(job(silent, Samples.now(), async).build());
    await().atMost(PATIENCE).until(() -> rig.executionOf(silent).equals("FAILED 1"));
    assertThat(rig.one("SELECT reason FROM execution WHERE job_id = ?", silent.value()))
        .isEqualTo("HEARTBEAT_LOST");
    nothingIsLeft();
  }

  @Test
  void a_target_may_tell_the_outcome_before_it_has_answered_the_call() {
    CountDownLatch answered = new CountDownLatch(1);
    rig.target.before(() -> Gates.pass(answered));
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1M")).build());
    await().atMost(PATIENCE).until(() -> arrivals() == 1);

    Firing call = rig.target.arrivalsOf(id).get(0);
    assertThat(engine.runs().complete(call.id(), 1, DONE).state())
        .isEqualTo(ExecutionState.SUCCEEDED);
    answered.countDown();
    rig.target.before(() -> {});
    await().atMost(PATIENCE).until(() -> engine.inFlight() == 0);
    assertThat(state()).isEqualTo("SUCCEEDED - 1");
    nothingIsLeft();
  }

  @Test
  void what_awaits_its_word_is_in_the_way_of_the_next_run_of_its_job() {
    Limits two = new Limits(null, null, 2, Duration.ZERO, List.of());
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), two);
    engine
        .jobs()
        .create(job(id, everySecond, Map.of("timeout", "PT1M")).overlap(Overlap.QUEUE_ALL).build());
    ExecutionId run = awaited(1);
    await().atMost(PATIENCE).until(() -> of("SUM(state = 'QUEUED')").equals("1"));
    assertThat(arrivals()).isEqualTo(1);

    engine.runs().complete(run, 1, DONE);
    await().atMost(PATIENCE).until(() -> arrivals() == 2);
  }

  @Test
  void the_delay_of_a_job_with_a_fixed_delay_counts_from_the_targets_word() {
    Limits two = new Limits(null, null, 2, Duration.ZERO, List.of());
    engine
        .jobs()
        .create(
            job(id, new Schedule.FixedDelay(Duration.ofSeconds(1), two), Map.of("timeout", "PT1M"))
                .build());
    ExecutionId run = awaited(1);
    assertThat(rig.triggerOf(id)).isEmpty();
    engine.runs().complete(run, 1, DONE);
    assertThat(rig.triggerOf(id)).isEqualTo("WAITING");
    await().atMost(PATIENCE).until(() -> arrivals() == 2);
  }

  @Test
  void the_next_run_takes_the_place_of_one_that_awaits_its_word() {
    Limits two = new Limits(null, null, 2, Duration.ZERO, List.of());
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), two);
    engine
        .jobs()
        .create(
            job(id, everySecond, Map.of("timeout", "PT1M"))
                .overlap(Overlap.CANCEL_RUNNING)
                .build());
    ExecutionId first = awaited(1);
    await().atMost(PATIENCE).until(() -> state().equals("CANCELLED OVERLAP 1"));
    assertThatThrownBy(() -> engine.runs().complete(first, 1, DONE)).isInstanceOf(NotRunning.class);
    engine.runs().complete(awaited(2), 1, DONE);
    assertThat(rig.one("SELECT COUNT(*) FROM cancellation")).isEqualTo("0");
    nothingIsLeft();
  }

  @Test
  void what_nobody_would_ever_end_is_found_and_ended() {
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1H")).build());
    awaited(1);
    rig.update("DELETE FROM awaited");
    engine.close();
    engine = rig.start();
    await().atMost(PATIENCE).until(() -> state().equals("FAILED TIMEOUT 1"));
    nothingIsLeft();
  }

  @Test
  void cancelled_with_its_job_it_ends_within_a_second_or_else_when_the_target_speaks() {
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1M")).build());
    ExecutionId run = awaited(1);
    assertThat(engine.jobs().cancel(id, OptionalLong.empty(), false).running())
        .containsExactly(run.value());
    assertThat(state()).isEqualTo("RUNNING - 1");

    assertThat(engine.jobs().cancel(id, OptionalLong.empty(), true).running())
        .containsExactly(run.value());
    await().atMost(Duration.ofSeconds(3)).until(() -> state().equals("CANCELLED CANCELLED 1"));
    nothingIsLeft();
  }

  @Test
  void who_could_not_report_as_nobody_listened_is_not_late_until_he_could() {
    JobId other = Samples.newId();
    engine.jobs().create(job(other, Samples.now(), Map.of("timeout", "PT2S")).build());
    engine
        .jobs()
        .create(job(id, Samples.now(), Map.of("timeout", "PT1H", "heartbeat", "PT2S")).build());
    awaited(1);
    await().atMost(PATIENCE).until(() -> awaitedOf(other).equals("1"));
    engine.close();
    rig.update(
        "UPDATE awaited SET started_at = started_at - 3000, awaits_until = awaits_until - 3000,"
            + " due_at = due_at - 3000");
    engine = rig.start();
    await().pollDelay(Duration.ofMillis(1_300)).until(() -> true);
    assertThat(state()).isEqualTo("RUNNING - 1");
    assertThat(rig.executionOf(other)).isEqualTo("RUNNING 1");
    await().atMost(PATIENCE).until(() -> state().equals("FAILED HEARTBEAT_LOST 1"));
    await().atMost(PATIENCE).until(() -> rig.executionOf(other).equals("FAILED 1"));
    nothingIsLeft();
  }

  @Test
  void a_word_that_is_awaited_counts_though_the_job_does_not_ask_for_words_any_more() {
    engine.jobs().create(job(id, Samples.now(), Map.of("timeout", "PT1M")).build());
    ExecutionId run = awaited(1);
    engine
        .jobs()
        .change(id, OptionalLong.empty(), old -> SampleJob.like(old).options(Map.of()).build());
    assertThat(engine.runs().complete(run, 1, DONE).state()).isEqualTo(ExecutionState.SUCCEEDED);
    nothingIsLeft();
  }
}
