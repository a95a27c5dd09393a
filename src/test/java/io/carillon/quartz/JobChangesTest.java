package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static io.carillon.quartz.Samples.renamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node on a real database: what changes of a job do to its plan. */
class JobChangesTest {
  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  @Test
  void an_id_is_taken_once_and_a_batch_says_which_were() {
    JobId id = create(Samples.in(Duration.ofHours(1)));
    Job again = job(id, Samples.now(), RetryPolicy.none());

    assertThatThrownBy(() -> engine.jobs().create(again)).isInstanceOf(JobExists.class);
    Job fresh = job(newId(), Samples.in(Duration.ofHours(1)), RetryPolicy.none());
    assertThat(engine.jobs().createAll(List.of(fresh, again, fresh), false))
        .extracting(created -> created.stored() == null)
        .containsExactly(false, true, true);
    Job unused = job(newId(), Samples.in(Duration.ofHours(1)), RetryPolicy.none());
    assertThatThrownBy(() -> engine.jobs().createAll(List.of(unused, again), true))
        .isInstanceOf(JobExists.class);
    assertThat(rig.jobOf(unused.id())).isEmpty();
  }

  @Test
  void a_paused_job_waits_and_a_resumed_one_goes_on() {
    JobId id = create(Samples.in(Duration.ofMillis(700)));
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
    rig.update("UPDATE job SET passed_from = passed_from - 60000 WHERE id = ?", id.value());

    StoredJob resumed = engine.jobs().resume(id);

    assertThat(resumed.nextFireTime()).isAfter(Instant.now().minusMillis(100));
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(rig.target.arrivalsOf(id).size()).isLessThan(4);
  }

  @Test
  void a_job_that_was_cancelled_while_it_was_paused_runs_when_it_is_put_again() {
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
    JobId id = create(everySecond);
    engine.jobs().pause(id, null, null);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    int before = rig.target.arrivalsOf(id).size();

    engine
        .jobs()
        .put(Samples.job(id, everySecond, RetryPolicy.DEFAULT), false, OptionalLong.empty());

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() > before + 1);
  }

  @Test
  void a_changed_schedule_raises_the_generation_and_keeps_one_trigger() {
    JobId id = create(Samples.in(Duration.ofHours(1)));

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
                old -> job(id, Samples.in(Duration.ofHours(2)), RetryPolicy.none()));
    assertThat(moved.generation()).isEqualTo(2);
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("1");
    assertThatThrownBy(
            () -> engine.jobs().change(id, OptionalLong.of(1), old -> renamed(old, "stale")))
        .isInstanceOf(StaleVersion.class);
  }

  @Test
  void putting_the_same_definition_again_after_it_ran_does_not_run_it_again() {
    Job job = job(newId(), Samples.now(), RetryPolicy.none());
    engine.jobs().put(job, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> rig.jobOf(job.id()).equals("COMPLETED"));

    assertThat(engine.jobs().put(job, false, OptionalLong.empty()).created()).isFalse();

    await().during(Duration.ofMillis(500)).until(() -> rig.target.arrivalsOf(job.id()).size() == 1);
  }

  @Test
  void a_new_schedule_counts_its_runs_from_the_beginning() {
    Limits twice = new Limits(null, null, 2, Duration.ZERO, List.of());
    JobId id = newId();
    Job first = job(id, new Schedule.FixedRate(Duration.ofSeconds(1), twice), RetryPolicy.none());
    engine.jobs().put(first, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));

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
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(4);
  }

  @Test
  void a_finished_job_that_is_only_renamed_does_not_run_again() {
    JobId id = newId();
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Job once =
        job(id, new Schedule.At(past, null, true, null, null, Limits.NONE), RetryPolicy.none());
    engine.jobs().put(once, false, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));

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
    JobId id = create(Samples.in(Duration.ofMillis(500)));
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
    JobId id = create(Samples.now());
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    String key = JobId.create("default", Instant.now()).value();

    String first = engine.jobs().run(id, key, Map.of());
    String second = engine.jobs().run(id, key, Map.of());

    assertThat(second).isEqualTo(first);
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 2);
    await().atMost(PATIENCE).until(() -> executionState(first).equals("SUCCEEDED"));
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
  }

  private static JobId create(Schedule schedule) {
    JobId id = newId();
    engine.jobs().create(job(id, schedule, RetryPolicy.none()));
    return id;
  }

  private static String executionState(String id) {
    return rig.one("SELECT state FROM execution WHERE id = ?", id);
  }
}
