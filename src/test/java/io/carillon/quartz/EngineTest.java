package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.cron.DstPolicy;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node on a real database: jobs are fired on time, retried, and cost only themselves. */
class EngineTest {
  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  @Test
  void a_job_for_now_is_called_once_and_then_completed() {
    JobId id = create(Samples.now());

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 1);
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
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
  void a_job_of_the_same_id_in_another_namespace_keeps_its_plan() {
    JobId later = new JobId("other", Samples.newId().value());
    engine.jobs().create(Samples.job(later, Samples.in(Duration.ofHours(1)), RetryPolicy.none()));
    JobId now = JobId.of(later.value());
    engine.jobs().create(Samples.job(now, Samples.now(), RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> rig.jobOf(now).equals("COMPLETED"));
    assertThat(
            rig.query(
                "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?",
                row -> row.getString(1),
                later.value()))
        .containsExactly("WAITING");
    assertThat(rig.one("SELECT state FROM job WHERE namespace = 'other' AND id = ?", later.value()))
        .isEqualTo("ACTIVE");
  }

  @Test
  void a_delayed_job_is_not_early_and_at_most_two_seconds_late() {
    Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
    JobId id = create(Samples.in(Duration.ofSeconds(1)));

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
                "* * * * * ?",
                "* * * * * ?",
                "QUARTZ",
                ZoneOffset.UTC,
                DstPolicy.BY_RHYTHM,
                Limits.NONE));

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

    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
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
    engine.jobs().create(job(id, Samples.now(), policy));

    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
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
    engine.jobs().create(job(id, Samples.now(), RetryPolicy.none()));
    JobId other = create(Samples.now());

    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    await().atMost(PATIENCE).until(() -> rig.jobOf(other).equals("COMPLETED"));
    assertThat(rig.one("SELECT reason FROM execution WHERE job_id = ?", id.value()))
        .isEqualTo(Reasons.INTERNAL);
  }

  @Test
  void many_jobs_come_in_one_batch_and_each_is_called_once() {
    List<Job> jobs =
        IntStream.range(0, 450)
            .mapToObj(i -> job(newId(), Samples.now(), RetryPolicy.none()))
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
  void a_damaged_trigger_is_parked_and_the_others_fire() {
    JobId broken =
        create(
            new Schedule.Cron(
                "* * * * * ?",
                "* * * * * ?",
                "QUARTZ",
                ZoneOffset.UTC,
                DstPolicy.BY_RHYTHM,
                Limits.NONE));
    rig.update(
        "UPDATE QRTZ_CRON_TRIGGERS SET CRON_EXPRESSION = 'nonsense' WHERE TRIGGER_NAME = ?",
        broken.value());
    JobId lost = create(Samples.in(Duration.ofMillis(300)));
    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", lost.value());
    JobId good = create(Samples.in(Duration.ofMillis(1500)));

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
    JobId id = create(Samples.in(Duration.ofMillis(400)));
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

  private static JobId create(Schedule schedule) {
    JobId id = newId();
    engine.jobs().create(job(id, schedule, RetryPolicy.none()));
    return id;
  }
}
