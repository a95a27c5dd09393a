package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.quartz.store.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** States that nobody would ever end, made by SQL; each is put right, and nothing runs twice. */
class ReconcilerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(15);
  private EngineRig rig;

  @BeforeEach
  void open() {
    rig = new EngineRig();
    rig.pace = new Pace(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** What a hand with a SQL client does to the rows of a job, and how the healing is counted. */
  private record Damage(String name, String kind, BiConsumer<EngineRig, String> hand) {}

  private static Damage damage(String name, String kind, BiConsumer<EngineRig, String> hand) {
    return new Damage(name, kind, hand);
  }

  private static List<Damage> damages() {
    return List.of(
        damage("acquired by nobody", "trigger_held", state("ACQUIRED")),
        damage("blocked by nobody", "trigger_held", state("BLOCKED")),
        damage("paused and blocked by nobody", "trigger_held", state("PAUSED_BLOCKED")),
        damage("in a state that is none", "trigger_held", state("NONSENSE")),
        damage("set to ERROR by a stock node", "trigger_error", state("ERROR")),
        damage(
            "finished without having fired",
            "job_unplanned",
            (rig, id) ->
                rig.update(
                    "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'COMPLETE', NEXT_FIRE_TIME = -1"
                        + " WHERE TRIGGER_NAME = ?",
                    id)),
        damage(
            "without an instant",
            "trigger_damaged",
            (rig, id) ->
                rig.update(
                    "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NULL WHERE TRIGGER_NAME = ?", id)),
        damage(
            "without its sub-row",
            "trigger_damaged",
            (rig, id) -> rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", id)),
        damage("without its trigger", "job_unplanned", ReconcilerTest::deleteTrigger),
        damage(
            "without trigger and JobDetail",
            "job_unplanned",
            (rig, id) -> {
              deleteTrigger(rig, id);
              rig.update("DELETE FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id);
            }),
        damage(
            "without its JobDetail",
            "detail_missing",
            (rig, id) ->
                rig.unchecked("DELETE FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = '" + id + "'")),
        damage(
            "with a JobDetail of a foreign class, and parked",
            "detail_missing",
            (rig, id) -> {
              rig.update(
                  "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'org.example.Nothing'"
                      + " WHERE JOB_NAME = ?",
                  id);
              state("ERROR").accept(rig, id);
            }));
  }

  private static BiConsumer<EngineRig, String> state(String state) {
    return (rig, id) ->
        rig.update("UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = ? WHERE TRIGGER_NAME = ?", state, id);
  }

  private static void deleteTrigger(EngineRig rig, String id) {
    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", id);
    rig.update("DELETE FROM QRTZ_CRON_TRIGGERS WHERE TRIGGER_NAME = ?", id);
    rig.update("DELETE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id);
  }

  @Test
  void a_waiting_job_that_was_damaged_fires_once_for_the_instant_it_was_planned_for() {
    Engine engine = rig.start();
    Map<Damage, JobId> jobs = new LinkedHashMap<>();
    Map<Damage, String> planned = new LinkedHashMap<>();
    for (Damage damage : damages()) {
      JobId id = newId();
      jobs.put(damage, id);
      engine.jobs().create(job(id, in(Duration.ofSeconds(5)), RetryPolicy.none()));
      planned.put(damage, nextOf(id));
      damage.hand().accept(rig, id.value());
    }

    jobs.forEach(
        (damage, id) ->
            await(damage.name())
                .atMost(PATIENCE)
                .until(() -> executionOf(id).equals("SUCCEEDED 1") && isOver(id)));

    jobs.forEach(
        (damage, id) ->
            assertThat(rig.target.arrivalsOf(id))
                .as(damage.name())
                .extracting(firing -> Long.toString(firing.scheduledAt().toEpochMilli()))
                .containsExactly(planned.get(damage)));
    assertThat(rig.healed())
        .containsKeys(damages().stream().map(Damage::kind).toArray(String[]::new));
  }

  @Test
  void a_recurring_job_that_was_damaged_misses_no_instant() {
    Engine engine = rig.start();
    Duration every = Duration.ofSeconds(2);
    Map<Damage, JobId> jobs = new LinkedHashMap<>();
    for (Damage damage : damages()) {
      JobId id = newId();
      jobs.put(damage, id);
      engine.jobs().create(job(id, new Schedule.FixedRate(every, Limits.NONE), RetryPolicy.none()));
    }
    // A run that ends without its job's trigger would end the job: that is no state to be found.
    await()
        .atMost(SOON)
        .until(() -> rig.target.arrivals().size() >= jobs.size() && engine.inFlight() == 0);
    jobs.forEach((damage, id) -> damage.hand().accept(rig, id.value()));
    Instant damaged = Instant.now();

    jobs.forEach(
        (damage, id) ->
            await(damage.name())
                .atMost(PATIENCE)
                .until(
                    () ->
                        latest(id)
                            .map(each -> each.isAfter(damaged.plusSeconds(8)))
                            .orElse(false)));

    jobs.forEach(
        (damage, id) -> {
          List<Instant> instants =
              rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).toList();
          assertThat(instants)
              .as(damage.name())
              .containsExactlyElementsOf(
                  Stream.iterate(instants.get(0), each -> each.plus(every))
                      .limit(instants.size())
                      .toList());
        });
  }

  private Optional<Instant> latest(JobId id) {
    return rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).max(Instant::compareTo);
  }

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

    await().atMost(PATIENCE).until(() -> executionOf(id).equals("SUCCEEDED 2"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(2);
    assertThat(rig.target.arrivalsOf(id).get(1).id())
        .isEqualTo(rig.target.arrivalsOf(id).get(0).id());
    assertThat(rig.healed()).containsKey("execution_lost");
    await().atMost(SOON).until(() -> jobOf(id).equals("COMPLETED"));
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
    await().atMost(SOON).until(() -> executionOf(id).equals("RETRYING 1"));

    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS");
    rig.update("DELETE FROM QRTZ_TRIGGERS");
    rig.update("DELETE FROM QRTZ_JOB_DETAILS");

    await().atMost(PATIENCE).until(() -> executionOf(id).equals("SUCCEEDED 2"));
    assertThat(rig.healed()).containsKey("attempt_unplanned");
    await().atMost(SOON).until(() -> jobOf(id).equals("COMPLETED"));
  }

  @Test
  void a_job_of_which_nothing_is_left_to_come_is_ended() {
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, Samples.now(), RetryPolicy.none()));
    await().atMost(SOON).until(() -> jobOf(id).equals("COMPLETED"));

    rig.update("UPDATE job SET state = 'ACTIVE', finished_at = NULL WHERE id = ?", id.value());

    await().atMost(PATIENCE).until(() -> jobOf(id).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(1);
    assertThat(rig.healed()).containsKey("job_over");
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
    await().atMost(SOON).until(() -> executionOf(id).equals("SUCCEEDED 1"));

    deleteTrigger(rig, id.value());
    int before = rig.target.arrivalsOf(id).size();

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= before + 2);
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS")).isEqualTo("1");
  }

  @Test
  void what_nobody_can_read_stays_parked_and_is_not_tried_again_and_again() {
    Engine engine = rig.start();
    JobId id = newId();
    engine.jobs().create(job(id, in(Duration.ofSeconds(1)), RetryPolicy.none()));
    rig.update("DELETE FROM job WHERE id = ?", id.value());
    await().atMost(SOON).until(() -> triggerOf(id).equals("ERROR"));

    await().during(Duration.ofSeconds(5)).atMost(SOON).until(() -> triggerOf(id).equals("ERROR"));

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
    engine.jobs().create(job(paused, in(Duration.ofHours(1)), RetryPolicy.none()));
    engine.jobs().pause(paused, null, null);
    engine
        .jobs()
        .create(
            job(
                following,
                new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE),
                RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> executionOf(running).equals("SUCCEEDED 1"));

    assertThat(rig.healed()).isEmpty();
    assertThat(triggerOf(paused)).isEqualTo("PAUSED");
  }

  private static Schedule in(Duration delay) {
    return new Schedule.Delay(delay, Limits.NONE);
  }

  private String executionOf(JobId id) {
    return rig.one(
        "SELECT CONCAT(state, ' ', attempt) FROM execution WHERE job_id = ?", id.value());
  }

  private String jobOf(JobId id) {
    return rig.one("SELECT state FROM job WHERE id = ?", id.value());
  }

  private boolean isOver(JobId id) {
    return jobOf(id).equals("COMPLETED")
        && rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id.value())
            .equals("0");
  }

  private String nextOf(JobId id) {
    return rig.one("SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value());
  }

  private String triggerOf(JobId id) {
    return rig.one("SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value());
  }
}
