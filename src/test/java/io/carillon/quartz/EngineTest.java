package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node on a real database: jobs stored, fired on time, retried, changed. */
class EngineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void a_job_for_now_is_called_once_and_then_completed() {
    JobId id = create(new Schedule.Now(Limits.NONE));

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 1);
    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    assertThat(rig.one("SELECT state FROM execution WHERE job_id = ?", id.value()))
        .isEqualTo("SUCCEEDED");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
  }

  @Test
  void a_delayed_job_is_not_early_and_at_most_two_seconds_late() {
    Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
    JobId id = create(new Schedule.Delay(Duration.ofSeconds(1), Limits.NONE));

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 1);
    Firing firing = rig.target.arrivalsOf(id).get(0);
    assertThat(firing.scheduledAt()).isAfterOrEqualTo(before.plusSeconds(1));
    assertThat(Duration.between(firing.scheduledAt(), firing.firedAt()))
        .isBetween(Duration.ZERO, Duration.ofSeconds(2));
    assertThat(firing.id()).isEqualTo(ExecutionId.planned(id, 1, firing.scheduledAt()));
  }

  @Test
  void a_cron_job_fires_every_instant_once() {
    JobId id =
        create(
            new Schedule.Cron(
                "* * * * * ?", "* * * * * ?", "QUARTZ", ZoneOffset.UTC, Map.of(), Limits.NONE));

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= 3);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    List<Instant> instants =
        rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).sorted().toList();
    for (int i = 1; i < instants.size(); i++) {
      assertThat(instants.get(i)).isEqualTo(instants.get(i - 1).plusSeconds(1));
    }
  }

  @Test
  void a_fixed_rate_ends_after_its_last_run() {
    JobId id =
        create(
            new Schedule.FixedRate(
                Duration.ofSeconds(1), new Limits(null, null, 2, Duration.ZERO, List.of())));

    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(2);
  }

  @Test
  void a_fixed_delay_counts_from_the_end_of_the_run() {
    JobId id = create(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE));

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= 2);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    List<Firing> arrivals = rig.target.arrivalsOf(id);
    assertThat(arrivals.get(1).scheduledAt())
        .isAfterOrEqualTo(arrivals.get(0).firedAt().plusSeconds(1));
  }

  @Test
  void a_failing_job_is_retried_under_one_id_until_its_attempts_are_used_up() {
    RetryPolicy policy = RetryPolicy.fixed(3, Duration.ofMillis(50));
    JobId id = newId();
    rig.target.answers(
        firing ->
            firing.job().id().equals(id)
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    engine.jobs().create(job(id, new Schedule.Now(Limits.NONE), policy));

    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    List<Firing> arrivals = rig.target.arrivalsOf(id);
    assertThat(arrivals).extracting(Firing::attempt).containsExactly(1, 2, 3);
    assertThat(arrivals).extracting(Firing::id).containsOnly(arrivals.get(0).id());
    assertThat(
            rig.query(
                "SELECT state, reason, attempt FROM execution WHERE job_id = ?",
                row -> row.getString(1) + " " + row.getString(2) + " " + row.getInt(3),
                id.value()))
        .containsExactly("FAILED HTTP_503 3");
    assertThat(
            rig.one(
                "SELECT COUNT(*) FROM attempt WHERE execution_id = ?",
                arrivals.get(0).id().value()))
        .isEqualTo("3");
  }

  @Test
  void a_target_handler_that_overflows_the_stack_fails_its_own_execution_only() {
    JobId id = newId();
    rig.target.answers(
        firing -> {
          if (firing.job().id().equals(id)) {
            throw new StackOverflowError();
          }
          return new Outcome.Succeeded(200, null);
        });
    engine.jobs().create(job(id, new Schedule.Now(Limits.NONE), RetryPolicy.none()));
    JobId other = create(new Schedule.Now(Limits.NONE));

    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    await().atMost(PATIENCE).until(() -> state(other).equals("COMPLETED"));
    assertThat(rig.one("SELECT reason FROM execution WHERE job_id = ?", id.value()))
        .isEqualTo(Reasons.INTERNAL);
  }

  @Test
  void an_id_is_taken_once_and_a_batch_says_which_were() {
    JobId id = create(new Schedule.Delay(Duration.ofHours(1), Limits.NONE));
    Job again = job(id, new Schedule.Now(Limits.NONE), RetryPolicy.none());

    assertThatThrownBy(() -> engine.jobs().create(again)).isInstanceOf(JobExists.class);
    Job fresh =
        job(newId(), new Schedule.Delay(Duration.ofHours(1), Limits.NONE), RetryPolicy.none());
    assertThat(engine.jobs().createAll(List.of(fresh, again, fresh), false))
        .extracting(created -> created.stored() == null)
        .containsExactly(false, true, true);
    Job unused =
        job(newId(), new Schedule.Delay(Duration.ofHours(1), Limits.NONE), RetryPolicy.none());
    assertThatThrownBy(() -> engine.jobs().createAll(List.of(unused, again), true))
        .isInstanceOf(JobExists.class);
    assertThat(state(unused.id())).isEmpty();
  }

  @Test
  void many_jobs_come_in_one_batch_and_each_is_called_once() {
    List<Job> jobs =
        IntStream.range(0, 450)
            .mapToObj(i -> job(newId(), new Schedule.Now(Limits.NONE), RetryPolicy.none()))
            .toList();

    engine.jobs().createAll(jobs, false);

    List<JobId> ids = jobs.stream().map(Job::id).toList();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.target.arrivals().stream()
                        .filter(firing -> ids.contains(firing.job().id()))
                        .count()
                    >= ids.size());
    assertThat(rig.target.arrivals())
        .extracting(firing -> firing.job().id())
        .filteredOn(ids::contains)
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void a_paused_job_waits_and_a_resumed_one_goes_on() {
    JobId id = create(new Schedule.Delay(Duration.ofMillis(700), Limits.NONE));
    StoredJob paused = engine.jobs().pause(id, "maintenance", null);
    assertThat(paused.state()).isEqualTo(JobState.PAUSED);

    assertThat(
            rig.one("SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value()))
        .isEqualTo("PAUSED");
    await().during(Duration.ofSeconds(1)).until(() -> rig.target.arrivalsOf(id).isEmpty());
    engine.jobs().resume(id);
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 1);
  }

  @Test
  void a_resumed_recurring_job_does_not_burst() {
    JobId id = create(new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE));
    engine.jobs().pause(id, null, null);
    rig.update(
        "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NEXT_FIRE_TIME - 60000 WHERE TRIGGER_NAME = ?",
        id.value());

    StoredJob resumed = engine.jobs().resume(id);

    assertThat(resumed.nextFireTime()).isAfter(Instant.now().minusMillis(100));
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(rig.target.arrivalsOf(id).size()).isLessThan(4);
  }

  @Test
  void a_changed_schedule_raises_the_generation_and_keeps_one_trigger() {
    JobId id = create(new Schedule.Delay(Duration.ofHours(1), Limits.NONE));

    StoredJob renamed =
        engine.jobs().change(id, OptionalLong.of(1), old -> renamed(old, "another name"));
    assertThat(renamed.generation()).isEqualTo(1);
    assertThat(renamed.version()).isEqualTo(2);
    assertThat(renamed.nextFireTime()).isNotNull();

    StoredJob moved =
        engine
            .jobs()
            .change(
                id,
                OptionalLong.of(2),
                old ->
                    job(
                        id,
                        new Schedule.Delay(Duration.ofHours(2), Limits.NONE),
                        RetryPolicy.none()));
    assertThat(moved.generation()).isEqualTo(2);
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("1");
    assertThatThrownBy(
            () -> engine.jobs().change(id, OptionalLong.of(1), old -> renamed(old, "stale")))
        .isInstanceOf(StaleVersion.class);
  }

  @Test
  void putting_the_same_definition_again_after_it_ran_does_not_run_it_again() {
    Job job = job(newId(), new Schedule.Now(Limits.NONE), RetryPolicy.none());
    engine.jobs().put(job, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> state(job.id()).equals("COMPLETED"));

    assertThat(engine.jobs().put(job, false, OptionalLong.empty()).created()).isFalse();

    await().during(Duration.ofMillis(500)).until(() -> rig.target.arrivalsOf(job.id()).size() == 1);
  }

  @Test
  void a_new_schedule_counts_its_runs_from_the_beginning() {
    Limits twice = new Limits(null, null, 2, Duration.ZERO, List.of());
    JobId id = newId();
    Job first = job(id, new Schedule.FixedRate(Duration.ofSeconds(1), twice), RetryPolicy.none());
    engine.jobs().put(first, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));

    StoredJob again =
        engine
            .jobs()
            .put(
                job(
                    id,
                    new Schedule.FixedRate(Duration.ofMillis(1_500), twice),
                    RetryPolicy.none()),
                false,
                OptionalLong.empty())
            .stored();

    assertThat(again.state()).isEqualTo(JobState.ACTIVE);
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 4);
    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(4);
  }

  @Test
  void a_finished_job_that_is_only_renamed_does_not_run_again() {
    JobId id = newId();
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Job once =
        job(id, new Schedule.At(past, null, true, null, null, Limits.NONE), RetryPolicy.none());
    engine.jobs().put(once, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));

    engine.jobs().put(renamed(once, "another name"), false, OptionalLong.empty());
    StoredJob strict =
        engine
            .jobs()
            .put(
                job(
                    id,
                    new Schedule.At(past, null, false, null, null, Limits.NONE),
                    RetryPolicy.none()),
                false,
                OptionalLong.empty())
            .stored();

    assertThat(strict.state()).isEqualTo(JobState.COMPLETED);
    await().during(Duration.ofMillis(700)).until(() -> rig.target.arrivalsOf(id).size() == 1);
  }

  @Test
  void a_cancelled_job_never_arrives_and_takes_no_more_acts() {
    JobId id = create(new Schedule.Delay(Duration.ofMillis(500), Limits.NONE));
    assertThat(engine.jobs().cancel(id, OptionalLong.empty(), false).stored().state())
        .isEqualTo(JobState.CANCELLED);

    await().during(Duration.ofSeconds(1)).until(() -> rig.target.arrivalsOf(id).isEmpty());
    assertThat(engine.jobs().cancel(id, OptionalLong.empty(), false).stored().state())
        .isEqualTo(JobState.CANCELLED);
    assertThatThrownBy(() -> engine.jobs().pause(id, null, null)).isInstanceOf(WrongState.class);
    assertThatThrownBy(() -> engine.jobs().run(id, "k", Map.of())).isInstanceOf(WrongState.class);
  }

  @Test
  void a_finished_job_can_be_run_by_hand_and_one_key_is_one_run() {
    JobId id = create(new Schedule.Now(Limits.NONE));
    await().atMost(PATIENCE).until(() -> state(id).equals("COMPLETED"));
    String key = JobId.create("default", Instant.now()).value();

    String first = engine.jobs().run(id, key, Map.of());
    String second = engine.jobs().run(id, key, Map.of());

    assertThat(second).isEqualTo(first);
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 2);
    await().atMost(PATIENCE).until(() -> executionState(first).equals("SUCCEEDED"));
    assertThat(state(id)).isEqualTo("COMPLETED");
  }

  @Test
  void a_damaged_trigger_is_parked_and_the_others_fire() {
    JobId broken =
        create(
            new Schedule.Cron(
                "* * * * * ?", "* * * * * ?", "QUARTZ", ZoneOffset.UTC, Map.of(), Limits.NONE));
    rig.update(
        "UPDATE QRTZ_CRON_TRIGGERS SET CRON_EXPRESSION = 'nonsense' WHERE TRIGGER_NAME = ?",
        broken.value());
    JobId lost = create(new Schedule.Delay(Duration.ofMillis(300), Limits.NONE));
    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", lost.value());
    JobId good = create(new Schedule.Delay(Duration.ofMillis(1500), Limits.NONE));

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(good).size() == 1);
    assertThat(
            rig.query(
                "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME IN (?, ?)",
                row -> row.getString(1),
                broken.value(),
                lost.value()))
        .containsExactly("ERROR", "ERROR");
  }

  @Test
  void a_job_of_a_foreign_class_is_never_loaded_or_fired() {
    JobId id = create(new Schedule.Delay(Duration.ofMillis(400), Limits.NONE));
    rig.update(
        "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'org.quartz.jobs.ee.jms.Evil' WHERE JOB_NAME = ?",
        id.value());

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?",
                        id.value())
                    .equals("ERROR"));
    assertThat(rig.target.arrivalsOf(id)).isEmpty();
  }

  private static JobId newId() {
    return JobId.of(UUID.randomUUID().toString());
  }

  private static JobId create(Schedule schedule) {
    JobId id = newId();
    engine.jobs().create(job(id, schedule, RetryPolicy.none()));
    return id;
  }

  private static Job job(JobId id, Schedule schedule, RetryPolicy retry) {
    return new Job(
        id,
        null,
        null,
        "default",
        io.carillon.job.Priority.NORMAL,
        Map.of(),
        new Target.Noop(),
        schedule,
        Job.Policies.with(retry, schedule.recurring()),
        Map.of(),
        io.carillon.job.Origin.CANONICAL);
  }

  private static Job renamed(Job job, String name) {
    return new Job(
        job.id(),
        name,
        job.description(),
        job.queue(),
        job.priority(),
        job.labels(),
        job.target(),
        job.schedule(),
        job.policies(),
        job.later(),
        job.origin());
  }

  private static String state(JobId id) {
    return rig.one("SELECT state FROM job WHERE id = ?", id.value());
  }

  private static String executionState(String id) {
    return rig.one("SELECT state FROM execution WHERE id = ?", id);
  }
}
