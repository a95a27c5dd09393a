package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.DstPolicy;
import io.carillon.job.CatchUp;
import io.carillon.job.CatchUp.Policy;
import io.carillon.job.Delivery;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Overlap;
import io.carillon.job.Passed;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettlementTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final CatchUp ONCE = CatchUp.DEFAULT;

  private static Instant at(int minutes) {
    return NOON.plus(MINUTE.multipliedBy(minutes));
  }

  private static CatchUp policy(Policy policy, int windowMinutes, int max) {
    return new CatchUp(policy, Duration.ofSeconds(60), Duration.ofMinutes(windowMinutes), max);
  }

  private static Job job(Schedule schedule, CatchUp catchUp, @Nullable Duration expiresAfter) {
    return new Job(
        JobId.of("job"),
        null,
        null,
        "default",
        Priority.NORMAL,
        Map.of(),
        new Target.Noop(),
        schedule,
        new Job.Policies(
            RetryPolicy.DEFAULT, Overlap.SKIP, catchUp, expiresAfter, Delivery.AT_LEAST_ONCE),
        Map.of(),
        Origin.CANONICAL);
  }

  private static Job everyMinute(CatchUp catchUp) {
    return job(minutely(Limits.NONE), catchUp, null);
  }

  private static Schedule minutely(Limits limits) {
    return new Schedule.Cron(
        "0 * * * * ?", "0 * * * * ?", "QUARTZ", ZoneOffset.UTC, DstPolicy.BY_RHYTHM, limits);
  }

  private static Settlement settle(Job job, Instant due, Instant now) {
    return Settlement.of(job, null, due, now, Exclusions.NONE);
  }

  @Test
  void what_is_younger_than_a_minute_runs_and_the_plan_goes_on() {
    for (CatchUp catchUp : List.of(ONCE, policy(Policy.SKIP, 60, 100))) {
      assertThat(settle(everyMinute(catchUp), NOON, NOON.plusSeconds(59)))
          .isEqualTo(new Settlement(NOON, false, List.of(), null, at(1)));
    }
  }

  @Test
  void skip_runs_nothing_late_and_what_is_due_now() {
    assertThat(settle(everyMinute(policy(Policy.SKIP, 60, 100)), NOON, at(10).plusSeconds(5)))
        .isEqualTo(
            new Settlement(
                at(10),
                false,
                List.of(new Skipped(NOON, at(9), 10, Reasons.MISFIRE)),
                null,
                at(11)));
  }

  @Test
  void fire_once_runs_the_latest_late_one_and_tells_of_the_others() {
    assertThat(settle(everyMinute(ONCE), NOON, at(10).plusSeconds(5)))
        .isEqualTo(
            new Settlement(
                at(9), true, List.of(new Skipped(NOON, at(8), 9, Reasons.MISFIRE)), null, at(10)));
  }

  @Test
  void fire_once_runs_nothing_older_than_the_window() {
    Job daily =
        job(
            new Schedule.FixedRate(Duration.ofDays(1), Limits.NONE),
            policy(Policy.FIRE_ONCE, 60, 100),
            null);
    assertThat(settle(daily, NOON, at(61)))
        .isEqualTo(
            new Settlement(
                null,
                false,
                List.of(Skipped.one(NOON, Reasons.MISFIRE)),
                null,
                NOON.plus(Duration.ofDays(1))));
  }

  @Test
  void fire_all_runs_the_oldest_within_the_window_up_to_the_most() {
    Job job = everyMinute(policy(Policy.FIRE_ALL, 8, 3));
    Instant now = at(10).plusSeconds(5);
    List<Instant> run = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    Passed passed = null;
    Instant due = NOON;
    while (due != null && !due.isAfter(now)) {
      Settlement settlement = Settlement.of(job, passed, due, now, Exclusions.NONE);
      if (settlement.run() != null) {
        run.add(settlement.run());
      }
      skipped.addAll(settlement.skipped());
      passed = settlement.passed() == null ? passed : settlement.passed();
      due = settlement.next();
    }
    assertThat(run).containsExactly(at(3), at(4), at(5), at(10));
    assertThat(skipped)
        .containsExactly(
            new Skipped(NOON, at(2), 3, Reasons.MISFIRE),
            new Skipped(at(6), at(9), 4, Reasons.MISFIRE));
    assertThat(due).isEqualTo(at(11));
  }

  @Test
  void a_pause_is_told_as_one_and_what_came_after_it_is_late() {
    Passed pause = new Passed(at(1), at(5), Reasons.PAUSED);
    assertThat(Settlement.of(everyMinute(ONCE), pause, at(1), at(8), Exclusions.NONE))
        .isEqualTo(
            new Settlement(
                at(6),
                true,
                List.of(
                    new Skipped(at(1), at(4), 4, Reasons.PAUSED),
                    Skipped.one(at(5), Reasons.MISFIRE)),
                null,
                at(7)));
  }

  @Test
  void what_has_expired_is_not_run_whatever_else_is_allowed() {
    Job job = job(minutely(Limits.NONE), policy(Policy.FIRE_ALL, 60, 100), Duration.ofSeconds(90));
    assertThat(settle(job, NOON, at(3)).skipped())
        .containsExactly(new Skipped(NOON, at(1), 2, Reasons.EXPIRED));
    Job once = job(new Schedule.Now(Limits.NONE), ONCE, Duration.ofSeconds(90));
    assertThat(settle(once, NOON, at(2)))
        .isEqualTo(
            new Settlement(null, false, List.of(Skipped.one(NOON, Reasons.EXPIRED)), null, null));
  }

  @Test
  void one_time_jobs_run_late_without_limit() {
    Job once = job(new Schedule.Now(Limits.NONE), policy(Policy.SKIP, 1, 1), null);
    assertThat(settle(once, NOON, NOON.plus(Duration.ofDays(400))).run()).isEqualTo(NOON);
    assertThat(Settlement.isOnTime(once, null, NOON, NOON.plus(Duration.ofDays(400)))).isTrue();
  }

  @Test
  void a_fixed_delay_that_is_not_run_goes_on_an_interval_from_now() {
    Job job = job(new Schedule.FixedDelay(MINUTE, Limits.NONE), policy(Policy.SKIP, 60, 100), null);
    assertThat(settle(job, NOON, at(5)))
        .isEqualTo(
            new Settlement(null, false, List.of(Skipped.one(NOON, Reasons.MISFIRE)), null, at(6)));
  }

  @Test
  void a_calendar_that_changed_meanwhile_passes_over_without_a_word() {
    Exclusions afternoon = (instant, zone) -> instant.isBefore(at(3)) ? at(3) : instant;
    assertThat(Settlement.of(everyMinute(ONCE), null, NOON, NOON, afternoon))
        .isEqualTo(new Settlement(null, false, List.of(), null, at(3)));
  }

  @Test
  void jitter_counts_before_anything_is_late() {
    Limits jitter = new Limits(null, null, null, Duration.ofMinutes(5), List.of());
    Job job = job(minutely(jitter), ONCE, null);
    Instant first = io.carillon.job.Jitter.apply(job.id(), NOON, jitter.jitter());
    assertThat(Settlement.isOnTime(job, null, NOON, first.plusSeconds(60))).isTrue();
    assertThat(Settlement.isOnTime(job, null, NOON, first.plusSeconds(61))).isFalse();
  }

  @Test
  void however_long_nobody_fired_it_is_settled_in_portions_that_lose_nothing() {
    Job job =
        job(
            new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE),
            policy(Policy.FIRE_ONCE, 10, 100),
            null);
    Instant now = NOON.plus(Duration.ofHours(30));
    long told = 0;
    int portions = 0;
    int runs = 0;
    Instant due = NOON;
    while (due != null && !due.isAfter(now)) {
      Settlement settlement = settle(job, due, now);
      assertThat(settlement.skipped().stream().mapToInt(Skipped::count).sum())
          .isLessThanOrEqualTo(Settlement.MOST_INSTANTS);
      told += settlement.skipped().stream().mapToInt(Skipped::count).sum();
      runs += settlement.run() == null ? 0 : 1;
      portions++;
      due = settlement.next();
    }
    long planned = Duration.ofHours(30).toSeconds() + 1;
    assertThat(told + runs).isEqualTo(planned);
    assertThat(runs).as("the latest late one, and those of the last minute").isEqualTo(62);
    assertThat(portions).isGreaterThan(20);
  }

  @Test
  void a_pause_behind_what_is_late_is_settled_in_portions_too() {
    Job job =
        job(
            new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE),
            policy(Policy.FIRE_ONCE, 600, 100),
            null);
    for (int after : List.of(5, 600)) {
      Instant end = NOON.plusSeconds(7_200);
      Passed pause = new Passed(NOON.plusSeconds(10), end, Reasons.PAUSED);
      Instant now = end.plusSeconds(after);
      int told = 0;
      int runs = 0;
      Instant due = NOON;
      for (int portion = 0; portion < 10 && due != null && !due.isAfter(now); ) {
        Settlement settlement = Settlement.of(job, pause, due, now, Exclusions.NONE);
        told += settlement.skipped().stream().mapToInt(Skipped::count).sum();
        runs += settlement.run() == null ? 0 : 1;
        portion += settlement.run() == null ? 1 : 0;
        due = settlement.next();
      }
      assertThat(told + runs).isEqualTo(7_201 + after);
      assertThat(runs)
          .as("the latest late one, and what is on time")
          .isEqualTo(Math.min(after + 1, 61) + 1);
    }
  }

  @Test
  void of_many_thousand_late_ones_the_latest_runs_alone() {
    Job job =
        job(
            new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE),
            policy(Policy.FIRE_ONCE, 600, 100),
            null);
    Instant now = NOON.plusSeconds(20_000);
    Instant due = NOON;
    Settlement settlement = settle(job, due, now);
    while (settlement.run() == null) {
      due = settlement.next();
      settlement = settle(job, due, now);
    }
    assertThat(settlement.run()).isEqualTo(now.minusSeconds(61));
  }

  @Test
  void rows_never_leave_their_day() {
    Job hourly =
        job(
            new Schedule.FixedRate(Duration.ofHours(1), Limits.NONE),
            policy(Policy.SKIP, 60, 100),
            null);
    assertThat(settle(hourly, NOON, NOON.plus(Duration.ofHours(14)).plusSeconds(1)).skipped())
        .containsExactly(
            new Skipped(NOON, at(11 * 60), 12, Reasons.MISFIRE),
            new Skipped(at(12 * 60), at(13 * 60), 2, Reasons.MISFIRE));
  }
}
