package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.cron.Note;
import io.carillon.cron.Rhythm;
import io.carillon.cron.Tick;
import io.carillon.execution.PlannedGeneration.Rest;
import io.carillon.job.Exclusions;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReckoningTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Schedule MINUTELY =
      new Schedule.FixedRate(Duration.ofMinutes(1), Limits.NONE);

  private static Instant at(int minutes) {
    return NOON.plus(Duration.ofMinutes(minutes));
  }

  /** Of noon and each minute after it. */
  private static Rhythm minutely(Exclusions exclusions) {
    return Timetable.of(MINUTELY, at(-1), exclusions)::tick;
  }

  private static PlannedGeneration running(@Nullable Instant armed, Instant now) {
    return new PlannedGeneration(
        1,
        MINUTELY,
        minutely(Exclusions.NONE),
        Instant.MIN,
        null,
        armed,
        null,
        new Rest(armed == null ? now : armed, null));
  }

  private static LedgerRow row(int minute, ExecutionState state) {
    return new LedgerRow(1, true, state, null, at(minute), at(minute), 1);
  }

  private static LedgerRow skipped(int from, int to, int count, String reason) {
    return new LedgerRow(1, true, ExecutionState.SKIPPED, reason, at(from), at(to), count);
  }

  private static List<LedgerRow> succeeded(int... minutes) {
    return new ArrayList<>(
        IntStream.of(minutes).mapToObj(m -> row(m, ExecutionState.SUCCEEDED)).toList());
  }

  private static Ledger reckon(PlannedGeneration generation, List<LedgerRow> rows) {
    return Reckoning.of(NOON, at(10), List.of(generation), rows);
  }

  @Test
  void every_state_has_its_sum_and_what_is_before_the_trigger_must_be_there() {
    List<LedgerRow> rows = succeeded(0, 1, 2);
    rows.add(row(3, ExecutionState.FAILED));
    rows.add(row(4, ExecutionState.CANCELLED));
    rows.add(row(5, ExecutionState.RETRYING));
    Ledger ledger = reckon(running(at(7), at(8)), rows);

    assertThat(ledger.planned()).isEqualTo(10);
    assertThat(ledger.succeeded()).isEqualTo(3);
    assertThat(ledger.failed()).isEqualTo(1);
    assertThat(ledger.cancelled()).isEqualTo(1);
    assertThat(ledger.open()).as("the one that is tried again, and 7, 8, 9").isEqualTo(4);
    assertThat(ledger.missing()).containsExactly(at(6));
    assertThat(ledger.balanced()).isFalse();
  }

  @Test
  void without_a_trigger_only_what_is_ahead_is_open() {
    Ledger ledger = reckon(running(null, at(8)), succeeded(0, 1, 2));

    assertThat(ledger.missing()).containsExactly(at(3), at(4), at(5), at(6), at(7));
    assertThat(ledger.open()).isEqualTo(2);
  }

  @Test
  void a_span_counts_for_as_many_as_it_says() {
    List<LedgerRow> rows = succeeded(0, 8, 9);
    rows.add(skipped(1, 7, 7, Reasons.PAUSED));
    Ledger ledger = reckon(running(at(10), at(10)), rows);

    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.PAUSED, 7L));
    assertThat(ledger.balanced()).isTrue();

    rows.set(3, skipped(1, 7, 5, Reasons.PAUSED));
    assertThat(reckon(running(at(10), at(10)), rows).missing()).containsExactly(at(6), at(7));
  }

  @Test
  void a_span_that_says_too_much_is_told_as_unexpected() {
    List<LedgerRow> rows = succeeded(0, 3, 4, 5, 6, 7, 8, 9);
    rows.add(skipped(1, 2, 5, Reasons.MISFIRE));
    Ledger ledger = reckon(running(at(10), at(10)), rows);

    assertThat(ledger.planned()).isEqualTo(13);
    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.MISFIRE, 5L));
    assertThat(ledger.unexpected()).isEqualTo(3);
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void spans_may_reach_over_both_ends_of_the_range_and_over_each_other() {
    List<LedgerRow> rows =
        List.of(
            skipped(-1, 4, 4, Reasons.MISFIRE),
            skipped(1, 2, 2, Reasons.PAUSED),
            skipped(5, 14, 10, Reasons.PAUSED));
    Rhythm plan = Timetable.of(MINUTELY, at(-5), Exclusions.NONE)::tick;
    PlannedGeneration generation =
        new PlannedGeneration(
            1, MINUTELY, plan, Instant.MIN, null, null, null, new Rest(at(20), null));
    Ledger ledger = reckon(generation, rows);

    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.MISFIRE, 3L, Reasons.PAUSED, 7L));
    assertThat(ledger.unexpected()).isZero();
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void what_a_calendar_or_a_clock_change_passes_over_is_planned_and_skipped() {
    Rhythm plan =
        after ->
            minutely(Exclusions.NONE)
                .next(after)
                .map(
                    tick ->
                        tick.at().equals(at(2))
                            ? new Tick(at(2), Note.DST_GAP_SKIPPED)
                            : tick.at().equals(at(3)) ? new Tick(at(3), Note.CALENDAR) : tick);
    PlannedGeneration generation =
        new PlannedGeneration(
            1, MINUTELY, plan, Instant.MIN, null, at(10), null, new Rest(at(10), null));
    Ledger ledger = reckon(generation, succeeded(0, 1, 4, 5, 6, 7, 8, 9));

    assertThat(ledger.planned()).isEqualTo(10);
    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.CALENDAR, 1L, Reasons.DST_GAP, 1L));
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void a_calendar_that_was_changed_since_does_not_turn_history_around() {
    Exclusions now = (instant, zone) -> instant.isBefore(at(4)) ? at(4) : instant;
    PlannedGeneration generation =
        new PlannedGeneration(
            1, MINUTELY, minutely(now), Instant.MIN, null, at(10), null, new Rest(at(10), null));
    List<LedgerRow> rows = succeeded(0, 6, 7, 8, 9);
    rows.add(skipped(1, 5, 5, Reasons.PAUSED));
    Ledger ledger = reckon(generation, rows);

    assertThat(ledger.planned()).isEqualTo(10);
    assertThat(ledger.succeeded()).isEqualTo(5);
    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.PAUSED, 5L));
  }

  @Test
  void generations_follow_one_another_and_leave_nothing_between() {
    Schedule two = new Schedule.FixedRate(Duration.ofMinutes(2), Limits.NONE);
    PlannedGeneration first =
        new PlannedGeneration(
            1,
            MINUTELY,
            minutely(Exclusions.NONE),
            Instant.MIN,
            at(4),
            null,
            null,
            new Rest(at(3), Reasons.RESCHEDULED));
    PlannedGeneration second =
        new PlannedGeneration(
            2,
            two,
            Timetable.of(two, at(4), Exclusions.NONE)::tick,
            at(2),
            null,
            at(8),
            null,
            new Rest(at(8), null));
    List<LedgerRow> rows = succeeded(0, 1, 2);
    rows.add(new LedgerRow(2, true, ExecutionState.SUCCEEDED, null, at(6), at(6), 1));
    Ledger ledger = Reckoning.of(NOON, at(10), List.of(first, second), rows);

    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.RESCHEDULED, 2L));
    assertThat(ledger.succeeded()).isEqualTo(4);
    assertThat(ledger.open()).isEqualTo(1);
    assertThat(ledger.planned()).isEqualTo(7);
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void a_bound_on_runs_ends_what_is_ahead() {
    PlannedGeneration generation =
        new PlannedGeneration(
            1,
            MINUTELY,
            minutely(Exclusions.NONE),
            Instant.MIN,
            null,
            at(3),
            2L,
            new Rest(at(3), null));

    assertThat(reckon(generation, succeeded(0, 1, 2)).planned()).isEqualTo(5);
  }

  @Test
  void a_fixed_delay_plans_what_was_armed() {
    Schedule delay = new Schedule.FixedDelay(Duration.ofMinutes(1), Limits.NONE);
    PlannedGeneration generation =
        new PlannedGeneration(
            1, delay, after -> Optional.empty(), Instant.MIN, null, at(9), null, Rest.NONE);
    Ledger ledger = reckon(generation, succeeded(0, 3, 7));

    assertThat(ledger.planned()).isEqualTo(4);
    assertThat(ledger.open()).isEqualTo(1);
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void runs_by_hand_stand_beside_and_strange_rows_are_told() {
    List<LedgerRow> rows = succeeded(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    rows.add(new LedgerRow(1, false, ExecutionState.SUCCEEDED, null, at(5), at(5), 1));
    Instant odd = at(5).plusSeconds(7);
    rows.add(new LedgerRow(1, true, ExecutionState.FAILED, null, odd, odd, 1));
    rows.add(new LedgerRow(3, true, ExecutionState.FAILED, null, at(6), at(6), 1));
    Ledger ledger = reckon(running(at(10), at(10)), rows);

    assertThat(ledger.byHand()).isEqualTo(1);
    assertThat(ledger.unexpected()).isEqualTo(2);
    assertThat(ledger.planned()).isEqualTo(12);
    assertThat(ledger.balanced()).isTrue();
  }

  @Test
  void the_first_hundred_missing_are_named_and_all_are_counted() {
    Ledger ledger = Reckoning.of(NOON, at(300), List.of(running(null, at(300))), List.of());

    assertThat(ledger.missing()).hasSize(100).startsWith(at(0), at(1)).endsWith(at(99));
    assertThat(ledger.missingCount()).isEqualTo(300);
  }

  @Test
  void more_than_a_hundred_thousand_are_refused() {
    assertThatThrownBy(
            () -> Reckoning.of(NOON, at(100_001), List.of(running(null, NOON)), List.of()))
        .isInstanceOf(Ledgers.TooManyInstants.class);
    assertThat(Reckoning.of(NOON, at(100_000), List.of(running(null, NOON)), List.of()).open())
        .isEqualTo(100_000);
  }
}
