package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * States that nobody would ever end, made by SQL: each is ended, and what is in order is left
 * alone.
 */
class ReconcilerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Comparator<JobId> BY_VALUE = Comparator.comparing(JobId::value);

  @AutoClose private final EngineRig rig = new EngineRig().withQuickPace();

  @Test
  void a_call_that_has_lost_its_fired_row_is_made_again_under_its_id() throws Exception {
    rig.target.answers(
        firing -> {
          if (firing.attempt() == 1) {
            rig.update("DELETE FROM QRTZ_FIRED_TRIGGERS WHERE ENTRY_ID = ?", firing.id().value());
          }
          return new Outcome.Succeeded(200, null);
        });
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, Samples.now(), RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(2);
    assertThat(rig.target.arrivalsOf(id).get(1).id())
        .isEqualTo(rig.target.arrivalsOf(id).get(0).id());
    await().atMost(SOON).until(() -> rig.healed().containsKey("execution_lost"));
    await().atMost(SOON).until(() -> rig.jobOf(id).equals("COMPLETED"));
  }

  @Test
  void a_retry_that_has_lost_its_trigger_is_made() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, Samples.now(), RetryPolicy.fixed(3, Duration.ofSeconds(3))));
    await().atMost(SOON).until(() -> rig.executionOf(id).equals("RETRYING 1"));

    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS");
    rig.update("DELETE FROM QRTZ_TRIGGERS");
    rig.update("DELETE FROM QRTZ_JOB_DETAILS");

    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));
    await().atMost(SOON).until(() -> rig.healed().containsKey("attempt_unplanned"));
    await().atMost(SOON).until(() -> rig.jobOf(id).equals("COMPLETED"));
  }

  @Test
  void a_job_of_which_nothing_is_left_to_come_is_ended() {
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, Samples.now(), RetryPolicy.none()));
    await().atMost(SOON).until(() -> rig.jobOf(id).equals("COMPLETED"));

    rig.update("UPDATE job SET state = 'ACTIVE', finished_at = NULL WHERE id = ?", id.value());

    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(1);
    await().atMost(SOON).until(() -> rig.healed().containsKey("job_over"));
  }

  @Test
  void a_fixed_delay_that_has_lost_its_trigger_goes_on() {
    Engine engine = rig.start();
    JobId id = newId();
    engine
        .jobs()
        .create(
            job(
                id,
                new Schedule.FixedDelay(Duration.ofSeconds(2), Limits.NONE),
                RetryPolicy.none()));
    await().atMost(SOON).until(() -> rig.executionOf(id).equals("SUCCEEDED 1"));

    Damage.deleteTrigger(rig, id.value());
    int before = rig.target.arrivalsOf(id).size();

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= before + 2);
    // Not while it runs.
    await().atMost(SOON).until(() -> rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS").equals("1"));
  }

  @Test
  void a_walk_along_many_jobs_leaves_none_out() {
    Engine engine = rig.start();
    List<JobId> ids = Stream.generate(Samples::newId).limit(1_200).sorted(BY_VALUE).toList();
    engine
        .jobs()
        .createAll(
            ids.stream()
                .map(id -> job(id, Samples.in(Duration.ofHours(1)), RetryPolicy.none()))
                .toList(),
            true);

    // The first and the last of a page, and of all.
    List<JobId> damaged = Stream.of(0, 499, 500, 999, 1_000, 1_199).map(ids::get).toList();
    damaged.forEach(id -> Damage.deleteTrigger(rig, id.value()));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(damaged)
                    .allSatisfy(id -> assertThat(rig.triggerOf(id)).isEqualTo("WAITING")));
  }

  @Test
  void what_nobody_can_read_stays_parked_and_is_not_tried_again_and_again() {
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, Samples.in(Duration.ofSeconds(1)), RetryPolicy.none()));
    rig.update("DELETE FROM job WHERE id = ?", id.value());
    await().atMost(SOON).until(() -> rig.triggerOf(id).equals("ERROR"));

    await()
        .during(Duration.ofSeconds(5))
        .atMost(SOON)
        .until(() -> rig.triggerOf(id).equals("ERROR"));

    assertThat(rig.healed()).isEmpty();
  }

  @Test
  void what_is_in_order_is_left_alone() {
    Engine engine = rig.start();
    rig.target.answers(
        firing -> {
          if (firing.job().schedule().recurring()) {
            return new Outcome.Succeeded(200, null);
          }
          await().pollDelay(Duration.ofSeconds(8)).atMost(PATIENCE).until(() -> true);
          return new Outcome.Succeeded(200, null);
        });
    JobId running = newId();
    JobId paused = newId();
    JobId following = newId();
    engine.jobs().create(job(running, Samples.now(), RetryPolicy.none()));
    engine.jobs().create(job(paused, Samples.in(Duration.ofHours(1)), RetryPolicy.none()));
    engine.jobs().pause(paused, null, null);
    engine
        .jobs()
        .create(
            job(
                following,
                new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE),
                RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> rig.executionOf(running).equals("SUCCEEDED 1"));

    assertThat(rig.healed()).isEmpty();
    assertThat(rig.triggerOf(paused)).isEqualTo("PAUSED");
  }
}
