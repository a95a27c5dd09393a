package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static io.carillon.quartz.Samples.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rows, clocks and errors that nobody planned for: they cost themselves at most. */
class AdversityTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  @AutoClose private final EngineRig rig = new EngineRig();

  @Test
  void a_retry_whose_row_says_nonsense_keeps_nobody_else_from_firing() {
    JobId broken = newId();
    rig.target.answers(failing(broken));
    Engine engine = rig.start();
    engine.jobs().create(job(broken, now(), RetryPolicy.fixed(3, Duration.ofSeconds(1))));
    await().atMost(PATIENCE).until(() -> rig.executionOf(broken).equals("RETRYING 1"));
    rig.update("UPDATE execution SET state = 'NONSENSE' WHERE job_id = ?", broken.value());
    JobId behind = newId();
    engine.jobs().create(job(behind, Samples.in(Duration.ofSeconds(2)), once()));

    await().atMost(PATIENCE).until(() -> rig.executionOf(behind).equals("SUCCEEDED 1"));
    assertThat(rig.target.arrivalsOf(behind).get(0).firedAt())
        .isBefore(rig.target.arrivalsOf(behind).get(0).scheduledAt().plusSeconds(2));
  }

  @Test
  void an_error_of_the_jvm_while_firing_or_completing_one_job_leaves_the_others_alone() {
    JobId atFiring = newId();
    JobId atCompletion = newId();
    rig.target.answers(
        firing -> {
          if (firing.job().id().equals(atCompletion)) {
            rig.codec.poison(atCompletion);
            return Failed.of("HTTP_503", "busy");
          }
          return new Outcome.Succeeded(200, null);
        });
    Engine engine = rig.start();
    engine.jobs().create(job(atCompletion, now(), RetryPolicy.fixed(3, Duration.ofSeconds(1))));
    engine.jobs().create(job(atFiring, soon(), once()));
    rig.codec.poison(atFiring);
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(atCompletion).size() == 1);
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

    JobId behind = newId();
    engine.jobs().create(job(behind, soon(), once()));

    await().atMost(PATIENCE).until(() -> rig.executionOf(behind).equals("SUCCEEDED 1"));
  }

  @Test
  void a_poisoned_run_of_a_fixed_delay_does_not_end_the_job() {
    JobId id = newId();
    Engine engine = rig.start();
    engine
        .jobs()
        .create(job(id, new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE), once()));
    rig.target.answers(
        firing -> {
          if (rig.target.arrivalsOf(id).size() == 1) {
            rig.update("UPDATE execution SET deaths = 2 WHERE job_id = ?", id.value());
            rig.update(
                "UPDATE QRTZ_FIRED_TRIGGERS SET INSTANCE_NAME = 'gone.1' WHERE JOB_NAME = ?",
                id.value());
          }
          return new Outcome.Succeeded(200, null);
        });

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.query(
                        "SELECT reason FROM execution WHERE job_id = ? AND state = 'FAILED'",
                        row -> row.getString(1),
                        id.value())
                    .contains(Reasons.POISON));
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= 2);
    assertThat(rig.one("SELECT state FROM job WHERE id = ?", id.value())).isEqualTo("ACTIVE");
  }

  @Test
  void a_clock_that_is_set_forward_fires_nothing_early() {
    JobId id = newId();
    Engine engine = rig.start();
    engine.jobs().create(job(id, Samples.in(Duration.ofMinutes(30)), once()));

    rig.clockSet = Duration.ofHours(1);

    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(6))
        .until(() -> rig.target.arrivalsOf(id).isEmpty());
    rig.clockSet = Duration.ZERO;
    JobId after = newId();
    engine.jobs().create(job(after, now(), once()));
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(after).size() == 1);
  }

  private static java.util.function.Function<Firing, Outcome> failing(JobId id) {
    return firing ->
        firing.job().id().equals(id)
            ? new Failed("HTTP_503", "busy", 503, null, null)
            : new Outcome.Succeeded(200, null);
  }

  private static Schedule soon() {
    return Samples.in(Duration.ofMillis(700));
  }

  private static RetryPolicy once() {
    return RetryPolicy.none();
  }
}
