package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trigger of a kind that the sets do not cover, in a job of ours, on a node as it is run. */
class SlowRunTest {
  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  /** A job whose own trigger is far off, with a second one of every second. */
  private static JobId withInterval(Instant first, String calendar) {
    JobId id = newId();
    engine.jobs().create(job(id, Samples.in(Duration.ofDays(1)), RetryPolicy.none()));
    String name = "every-second-" + id.value();
    rig.update(
        """
        INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
          NEXT_FIRE_TIME, PREV_FIRE_TIME, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME, END_TIME,
          CALENDAR_NAME, MISFIRE_INSTR)
        VALUES ('carillon', ?, 'default', ?, 'default', ?, -1, 5, 'PAUSED', 'CAL_INT', ?, 0, ?, -1)
        """,
        name,
        id.value(),
        first,
        first,
        calendar);
    rig.update(
        """
        INSERT INTO QRTZ_SIMPROP_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, STR_PROP_1,
          STR_PROP_2, INT_PROP_1, INT_PROP_2, BOOL_PROP_1, BOOL_PROP_2)
        VALUES ('carillon', ?, 'default', 'SECOND', 'UTC', 1, 0, '0', '0')
        """,
        name);
    rig.update("UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'WAITING' WHERE TRIGGER_NAME = ?", name);
    return id;
  }

  @Test
  void a_calendar_interval_calls_its_target_once_for_each_instant() {
    Instant first = Instant.ofEpochMilli(System.currentTimeMillis() / 1000 * 1000);
    JobId id = withInterval(first, null);

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= 3);
    engine.jobs().cancel(id, OptionalLong.empty(), false);

    assertThat(rig.target.arrivalsOf(id).subList(0, 3))
        .extracting(Firing::scheduledAt)
        .containsExactly(first, first.plusSeconds(1), first.plusSeconds(2));
    assertThat(rig.target.arrivalsOf(id).get(0).id()).isEqualTo(ExecutionId.planned(id, 1, first));
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        "SELECT COUNT(*) FROM execution WHERE job_id = ? AND state <> 'SUCCEEDED'",
                        id.value())
                    .equals("0"));
  }

  @Test
  void a_trigger_whose_calendar_is_not_there_is_parked_and_others_fire() {
    JobId id = withInterval(Instant.now(), "holidays");
    JobId other = withInterval(Instant.now(), null);

    await().atMost(PATIENCE).until(() -> !rig.target.arrivalsOf(other).isEmpty());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one("SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE CALENDAR_NAME = 'holidays'")
                    .equals("ERROR"));
    assertThat(rig.target.arrivalsOf(id)).isEmpty();
    engine.jobs().cancel(other, OptionalLong.empty(), false);
  }
}
