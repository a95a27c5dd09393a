package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static io.carillon.quartz.Samples.renamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Ledger;
import io.carillon.execution.Ledgers;
import io.carillon.execution.Reasons;
import io.carillon.job.Calendars;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node on a real database: changes in all orders, and reads beside firings. */
class LedgerChangesTest {
  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  private static Schedule every(int millis, Integer maxRuns) {
    return new Schedule.FixedRate(
        Duration.ofMillis(millis), new Limits(null, null, maxRuns, Duration.ZERO, List.of()));
  }

  private static JobId put(JobId id, Schedule schedule) {
    engine.jobs().put(job(id, schedule, RetryPolicy.none()), false, OptionalLong.empty());
    return id;
  }

  private static void hasRun(JobId id, int times) {
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= times);
  }

  private static Ledger upToNow(JobId id) {
    Instant now = Instant.now();
    return LedgerSource.of(rig).of(id, now.minus(Duration.ofHours(1)), now);
  }

  private static void takeAway(JobId id, int arrival) {
    rig.update(
        "DELETE FROM execution WHERE job_id = ? AND scheduled_at = ?",
        id.value(),
        rig.target.arrivalsOf(id).get(arrival).scheduledAt().toEpochMilli());
  }

  @Test
  void what_is_fired_while_a_ledger_is_read_is_not_missing() {
    JobId id = put(newId(), every(1_000, null));
    hasRun(id, 1);
    Ledger ledger =
        LedgerSource.of(
                rig,
                Calendars.NONE,
                (connection, jobs) -> {
                  int more = rig.target.arrivalsOf(id).size() + 2;
                  // A transaction that rests for a second is ended by the server.
                  await()
                      .atMost(PATIENCE)
                      .until(
                          () ->
                              !LedgerSource.PLANS.of(connection, jobs).isEmpty()
                                  && rig.target.arrivalsOf(id).size() >= more);
                  return LedgerSource.PLANS.of(connection, jobs);
                },
                // So that what is fired meanwhile counts as late, not as ahead.
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)))
            .of(id, Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));

    assertThat(ledger.missing()).isEmpty();
    assertThat(ledger.unexpected()).isZero();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void any_range_can_be_asked_for() {
    JobId id = put(newId(), Samples.in(Duration.ofHours(1)));

    assertThat(LedgerSource.of(rig).of(id, Instant.MIN, Instant.MAX).open()).isEqualTo(1);
    assertThat(LedgerSource.of(rig).of(id, Instant.MIN, Instant.MIN.plusSeconds(1)).planned())
        .isZero();
    assertThat(LedgerSource.of(rig).of(id, Instant.MAX.minusSeconds(1), Instant.MAX).planned())
        .isZero();
    JobId often = put(newId(), every(1_000, null));
    assertThatThrownBy(
            () -> LedgerSource.of(rig).of(often, Instant.now(), Instant.now().plusSeconds(200_000)))
        .isInstanceOf(Ledgers.TooManyInstants.class);
    engine.jobs().cancel(often, OptionalLong.empty(), false);
  }

  @Test
  void a_job_that_comes_back_planned_nothing_while_it_was_gone() {
    JobId id = put(newId(), every(1_000, null));
    hasRun(id, 1);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    int ran = rig.target.arrivalsOf(id).size();
    await().during(Duration.ofSeconds(2)).until(() -> true);
    put(id, every(1_000, null));
    hasRun(id, ran + 1);

    Ledger ledger = upToNow(id);

    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.unexpected()).isZero();
    assertThat(ledger.planned())
        .isLessThanOrEqualTo(
            rig.target.arrivalsOf(id).size()
                + ledger.open()
                + ledger.skipped().getOrDefault(Reasons.CANCELLED, 0L)
                + 1);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void runs_that_were_exhausted_before_a_change_end_the_plan_there() {
    JobId id = put(newId(), every(1_000, 2));
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    await().during(Duration.ofSeconds(2)).until(() -> true);
    put(id, every(1_000, 3));
    hasRun(id, 5);
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));

    assertThat(upToNow(id))
        .extracting(Ledger::planned, Ledger::succeeded, Ledger::balanced)
        .containsExactly(5L, 5L, true);

    takeAway(id, 1);
    takeAway(id, 4);
    assertThat(upToNow(id).missing())
        .as("the last of each generation")
        .containsExactly(
            rig.target.arrivalsOf(id).get(1).scheduledAt(),
            rig.target.arrivalsOf(id).get(4).scheduledAt());
  }

  @Test
  void a_new_name_changes_no_plan() {
    JobId id = put(newId(), every(1_000, null));
    hasRun(id, 1);
    for (int change = 0; change < 3; change++) {
      String name = "name " + change;
      engine.jobs().change(id, OptionalLong.empty(), old -> renamed(old, name));
      hasRun(id, rig.target.arrivalsOf(id).size() + 1);
    }

    Ledger ledger = upToNow(id);
    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.unexpected()).isZero();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  @Test
  void many_changes_one_after_another_leave_nothing_between() {
    JobId id = put(newId(), every(1_000, null));
    for (int change = 1; change <= 12; change++) {
      Job next = job(id, every(1_000 + change, null), RetryPolicy.none());
      await().during(Duration.ofMillis(300)).until(() -> true);
      engine.jobs().change(id, OptionalLong.empty(), old -> next);
    }
    hasRun(id, 1);

    Ledger ledger = upToNow(id);
    assertThat(ledger.balanced()).isTrue();
    assertThat(ledger.unexpected()).isZero();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(upToNow(id).balanced()).isTrue();
  }
}
