package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.cron.DstPolicy;
import io.carillon.execution.Firing;
import io.carillon.job.CatchUp;
import io.carillon.job.CatchUp.Policy;
import io.carillon.job.Jitter;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Minutely jobs after a time in which nobody fired: their triggers are set back ten minutes. */
class LateInstantsTest extends EngineCase {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static CatchUp policy(Policy policy, int max) {
    return new CatchUp(policy, MINUTE, Duration.ofHours(1), max);
  }

  /** Ten instants are due, the oldest of ten minutes ago; or nine, if a minute begins just now. */
  private void afterDowntime(CatchUp catchUp, Overlap overlap) {
    Schedule schedule =
        new Schedule.Cron(
            "0 * * * * ?",
            "0 * * * * ?",
            "QUARTZ",
            ZoneOffset.UTC,
            DstPolicy.BY_RHYTHM,
            Limits.NONE);
    awayFromTheMinute();
    engine.jobs().create(SampleJob.noop(id, schedule).catchUp(catchUp).overlap(overlap).build());
    rig.update(
        "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NEXT_FIRE_TIME - 600000 WHERE TRIGGER_NAME = ?",
        id.value());
  }

  /** So that no minute begins while a test looks. */
  private static void awayFromTheMinute() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Instant.now().getEpochSecond() % 60 < 45
                    && Instant.now().getEpochSecond() % 60 > 0);
  }

  private long skipped() {
    String sum =
        rig.one(
            "SELECT SUM(COALESCE(span_count, 1)) FROM execution WHERE job_id = ? AND state = 'SKIPPED'"
                + " AND reason = 'MISFIRE'",
            id.value());
    return sum == null ? 0 : Long.parseLong(sum);
  }

  private Instant minute(int back) {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(MINUTE.multipliedBy(back));
  }

  private boolean hasCaughtUp() {
    return engine.nextFires().of(List.of(id)).getOrDefault(id, Instant.MIN).isAfter(Instant.now());
  }

  @Test
  void skip_runs_what_is_younger_than_a_minute_and_tells_of_the_others() {
    afterDowntime(policy(Policy.SKIP, 100), Overlap.SKIP);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 1 && hasCaughtUp());
    assertThat(arrivals()).containsExactly(minute(0));
    assertThat(skipped()).isEqualTo(9);
  }

  @Test
  void fire_once_runs_the_latest_late_one_too() {
    afterDowntime(policy(Policy.FIRE_ONCE, 100), Overlap.ALLOW);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 2 && hasCaughtUp());
    assertThat(arrivals()).containsExactly(minute(1), minute(0));
    assertThat(skipped()).isEqualTo(8);
  }

  @Test
  void fire_all_runs_the_oldest_up_to_the_most() {
    afterDowntime(policy(Policy.FIRE_ALL, 4), Overlap.ALLOW);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 5 && hasCaughtUp());
    assertThat(arrivals())
        .containsExactlyInAnyOrder(minute(9), minute(8), minute(7), minute(6), minute(0));
    assertThat(skipped()).isEqualTo(5);
  }

  @Test
  void what_is_caught_up_with_runs_one_after_another_where_runs_must_not_overlap() {
    afterDowntime(policy(Policy.FIRE_ALL, 100), Overlap.SKIP);
    await().atMost(PATIENCE).until(() -> arrivals().size() >= 9 && hasCaughtUp());
    assertThat(arrivals().subList(0, 9)).isSorted().startsWith(minute(9));
    assertThat(skipped()).isZero();
  }

  @Test
  void what_fell_into_a_pause_is_told_as_paused_and_does_not_burst() {
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
    engine.jobs().create(SampleJob.noop(id, everySecond).build());
    engine.jobs().pause(id, null, null);
    int before = arrivals().size();
    await().pollDelay(Duration.ofMillis(3_300)).until(() -> true);
    engine.jobs().resume(id);
    await().atMost(PATIENCE).until(() -> arrivals().size() > before);
    assertThat(
            rig.query(
                "SELECT CONCAT(reason, ' ', COALESCE(span_count, 1)) FROM execution"
                    + " WHERE job_id = ? AND state = 'SKIPPED'",
                row -> row.getString(1),
                id.value()))
        .hasSize(1)
        .allMatch(row -> row.equals("PAUSED 3") || row.equals("PAUSED 4"));
    assertThat(arrivals()).hasSizeLessThanOrEqualTo(before + 2);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void a_run_that_is_put_off_keeps_its_instant() {
    Limits limits = new Limits(null, null, 3, Duration.ofMillis(900), List.of());
    Schedule schedule = new Schedule.FixedRate(Duration.ofSeconds(2), limits);
    Instant accepted = engine.jobs().create(SampleJob.noop(id, schedule).build()).createdAt();
    assertThat(rig.one("SELECT TRIGGER_TYPE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value()))
        .isEqualTo("CARILLON");
    assertThat(engine.nextFires().of(List.of(id))).containsEntry(id, accepted.plusSeconds(2));
    await().atMost(PATIENCE).until(() -> arrivals().size() == 3);
    assertThat(arrivals())
        .containsExactly(accepted.plusSeconds(2), accepted.plusSeconds(4), accepted.plusSeconds(6));
    for (Firing firing : rig.target.arrivalsOf(id)) {
      Instant due = Jitter.apply(id, firing.scheduledAt(), limits.jitter());
      assertThat(firing.firedAt()).isBetween(due, due.plusMillis(1_500));
    }
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_SIMPROP_TRIGGERS")).isEqualTo("0");
  }
}
