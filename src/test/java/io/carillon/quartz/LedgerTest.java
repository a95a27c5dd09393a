package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Ledger;
import io.carillon.execution.Reasons;
import io.carillon.history.LedgerQueries;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node on a real database: every planned instant is accounted for, whatever is done. */
class LedgerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @AutoClose private static EngineRig rig;
  private static Engine engine;
  private static LedgerQueries ledgers;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
    ledgers = LedgerSource.of(rig);
  }

  private static JobId create(Schedule schedule) {
    JobId id = newId();
    engine.jobs().create(job(id, schedule, RetryPolicy.none()));
    return id;
  }

  private static JobId everySecond(Limits limits) {
    return create(new Schedule.FixedRate(SECOND, limits));
  }

  private static Ledger upToNow(JobId id) {
    Instant now = Instant.now();
    return ledgers.of(id, now.minus(Duration.ofHours(1)), now);
  }

  private static void hasRun(JobId id, int times) {
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= times);
  }

  private static long ageInSeconds(JobId id) {
    return Duration.between(engineTime(id), Instant.now()).toSeconds();
  }

  private static Instant engineTime(JobId id) {
    return Instant.ofEpochMilli(
        Long.parseLong(rig.one("SELECT created_at FROM job WHERE id = ?", id.value())));
  }

  @Test
  void a_job_that_runs_adds_up_at_every_moment() {
    JobId id = everySecond(Limits.NONE);
    for (int look = 0; rig.target.arrivalsOf(id).size() < 3; look++) {
      long age = ageInSeconds(id);
      Ledger ledger = upToNow(id);
      assertThat(ledger.missing()).as("look %d", look).isEmpty();
      assertThat(ledger.planned()).isBetween(age, age + 1);
    }
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void an_execution_that_was_taken_away_is_missing() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 3);
    Instant second = rig.target.arrivalsOf(id).get(1).scheduledAt();
    rig.update(
        "DELETE FROM execution WHERE job_id = ? AND scheduled_at = ?",
        id.value(),
        second.toEpochMilli());

    Ledger ledger = upToNow(id);

    assertThat(ledger.missing()).containsExactly(second);
    assertThat(ledger.balanced()).isFalse();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(upToNow(id).missing()).containsExactly(second);
  }

  @Test
  void a_changed_schedule_goes_on_where_the_one_before_ended() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 2);
    engine
        .jobs()
        .change(
            id,
            OptionalLong.empty(),
            old ->
                job(
                    id,
                    new Schedule.FixedRate(Duration.ofMillis(1_500), Limits.NONE),
                    RetryPolicy.none()));
    hasRun(id, 4);

    Ledger ledger = upToNow(id);
    assertThat(ledger.missing()).isEmpty();
    assertThat(ledger.unexpected()).isZero();
    assertThat(ledger.succeeded() + ledger.open()).isGreaterThanOrEqualTo(4);

    Instant first = rig.target.arrivalsOf(id).get(0).scheduledAt();
    Instant third = rig.target.arrivalsOf(id).get(2).scheduledAt();
    for (Instant gone : List.of(first, third)) {
      rig.update(
          "DELETE FROM execution WHERE job_id = ? AND scheduled_at = ?",
          id.value(),
          gone.toEpochMilli());
    }
    assertThat(upToNow(id).missing()).containsExactly(first, third);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void a_bound_on_runs_ends_the_plan() {
    JobId id = everySecond(new Limits(null, null, 2, Duration.ZERO, List.of()));
    assertThat(ledgers.of(id, Instant.now().minusSeconds(60), Instant.now().plusSeconds(60)))
        .extracting(Ledger::planned, Ledger::balanced)
        .containsExactly(2L, true);
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));

    Ledger ledger = ledgers.of(id, Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    assertThat(ledger.planned()).isEqualTo(2);
    assertThat(ledger.succeeded()).isEqualTo(2);
  }

  @Test
  void a_cancelled_job_planned_nothing_after_its_end() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 1);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    Instant end = Instant.now().plusSeconds(60);

    // The end of what was being called is written a moment later.
    await().atMost(PATIENCE).until(() -> ledgers.of(id, end.minusSeconds(120), end).open() == 0);
    Ledger ledger = ledgers.of(id, end.minusSeconds(120), end);

    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.planned()).isLessThanOrEqualTo(ageInSeconds(id) + 1);
  }

  @Test
  void one_time_jobs_have_one_instant() {
    JobId done = create(Samples.now());
    JobId ahead = create(Samples.in(Duration.ofHours(1)));
    await().atMost(PATIENCE).until(() -> rig.jobOf(done).equals("COMPLETED"));

    assertThat(upToNow(done))
        .extracting(Ledger::planned, Ledger::succeeded)
        .containsExactly(1L, 1L);
    assertThat(upToNow(ahead).planned()).isZero();
    Ledger later = ledgers.of(ahead, Instant.now(), Instant.now().plus(Duration.ofHours(2)));
    assertThat(later.open()).isEqualTo(1);
    engine.jobs().cancel(ahead, OptionalLong.empty(), false);
    assertThat(ledgers.of(ahead, Instant.now(), Instant.now().plus(Duration.ofHours(2))).planned())
        .isZero();
    rig.update("DELETE FROM execution WHERE job_id = ?", done.value());
    assertThat(upToNow(done).missingCount()).isEqualTo(1);
  }

  @Test
  void a_fixed_delay_planned_what_was_armed() {
    JobId id = create(new Schedule.FixedDelay(SECOND, Limits.NONE));
    hasRun(id, 2);
    Ledger ledger = ledgers.of(id, Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));

    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.planned()).isGreaterThanOrEqualTo(2);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void runs_by_hand_stand_beside() {
    JobId id = create(Samples.in(Duration.ofHours(1)));
    engine.jobs().run(id, "key", Map.of());
    hasRun(id, 1);

    Ledger ledger = upToNow(id);
    assertThat(ledger.byHand()).isEqualTo(1);
    assertThat(ledger.planned()).isZero();
  }

  @Test
  void what_was_under_way_when_a_node_died_is_open() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 1);
    engine.jobs().pause(id, null, null);
    // The end of what was being called is written a moment later.
    await().atMost(PATIENCE).until(() -> upToNow(id).succeeded() >= 1);
    long first = rig.target.arrivalsOf(id).get(0).scheduledAt().toEpochMilli();
    rig.update(
        "UPDATE execution SET state = 'RUNNING', finished_at = NULL WHERE job_id = ? AND scheduled_at = ?",
        id.value(),
        first);

    Ledger ledger = upToNow(id);

    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.open()).isGreaterThanOrEqualTo(1);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void an_unknown_job_has_no_ledger() {
    assertThatThrownBy(() -> upToNow(newId())).isInstanceOf(UnknownJob.class);
  }

  @Test
  void what_was_asked_for_from_before_history_begins_later() {
    JobId id = create(Samples.in(Duration.ofHours(1)));
    Instant now = Instant.now();
    Ledger ledger = ledgers.of(id, now.minus(Duration.ofDays(100)), now);

    assertThat(ledger.from())
        .isBetween(now.minus(Duration.ofDays(7)).minusMillis(5), now.minus(Duration.ofDays(6)));
    assertThat(
            ledgers
                .of(id, now.minus(Duration.ofDays(100)), now.minus(Duration.ofDays(99)))
                .planned())
        .isZero();
  }

  @Test
  void instants_of_a_pause_are_open_until_they_are_written() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 1);
    engine.jobs().pause(id, null, null);
    await().atMost(PATIENCE).until(() -> upToNow(id).open() >= 2);
    assertThat(upToNow(id).balanced()).isTrue();
    engine.jobs().resume(id);
    hasRun(id, 3);

    Ledger ledger = upToNow(id);
    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.skipped().get(Reasons.PAUSED)).isGreaterThanOrEqualTo(2);
    assertThat(ledger.unexpected()).isZero();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void a_change_during_a_pause_leaves_nothing_out() {
    JobId id = everySecond(Limits.NONE);
    hasRun(id, 1);
    engine.jobs().pause(id, null, null);
    await().atMost(PATIENCE).until(() -> upToNow(id).open() >= 2);
    engine
        .jobs()
        .change(
            id,
            OptionalLong.empty(),
            old ->
                job(
                    id,
                    new Schedule.FixedRate(Duration.ofSeconds(2), Limits.NONE),
                    RetryPolicy.none()));

    Ledger ledger = upToNow(id);
    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.skipped().get(Reasons.PAUSED)).isGreaterThanOrEqualTo(2);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(upToNow(id).balanced()).isTrue();
  }
}
