package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.CronReader;
import io.carillon.cron.DstPolicy;
import io.carillon.cron.Note;
import io.carillon.cron.Reading;
import io.carillon.cron.Tick;
import io.carillon.job.Exclusions;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schedule would do: marked instants two years ahead, and bounds of every list. */
class PreviewTest {
  private static final Instant FROM = Instant.parse("2027-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2029-01-01T00:00:00Z");

  /** Excludes every second hour. */
  private static final Exclusions ODD_HOURS =
      (at, zone) -> {
        long hours = at.getEpochSecond() / 3_600;
        return hours % 2 == 0 ? at : Instant.ofEpochSecond((hours + 1) * 3_600);
      };

  private static Schedule.Cron cron(String text, Limits limits) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    return new Schedule.Cron(
        text,
        valid.normalized(),
        valid.dialect(),
        ZoneId.of("Europe/Berlin"),
        DstPolicy.BY_RHYTHM,
        limits);
  }

  @Test
  void what_calendars_pass_over_is_looked_for_within_reason() {
    Preview preview = new Preview(cron("* * * * * ?", Limits.NONE), ODD_HOURS, FROM);
    Preview.Marked marked = preview.marked(UNTIL, 1_000);

    assertThat(marked.ticks()).hasSize(1_000).extracting(Tick::note).containsOnly(Note.CALENDAR);
    assertThat(marked.lookedUntil()).isBefore(UNTIL);
    Exclusions late = (at, zone) -> at.isBefore(UNTIL.minusSeconds(60)) ? at : UNTIL;
    Preview.Marked none =
        new Preview(cron("* * * * * ?", Limits.NONE), late, FROM).marked(UNTIL, 1_000);
    assertThat(none.ticks()).isEmpty();
    assertThat(none.lookedUntil()).isNotNull();
  }

  /** The shortcut from one clock change to the next leaves nothing out. */
  @ParameterizedTest
  @CsvSource({
    "0 30 2 * * ?, Europe/Berlin",
    "0 */20 * * * ?, Europe/Berlin",
    "0 0 0 * * ?, America/Santiago",
    "0 15 2 * * ?, Australia/Lord_Howe",
    "0 45 1 ? * SUN, Australia/Lord_Howe",
    "0 30 1-3 * * ?, Africa/Casablanca",
    "0 0 0-3 ? * SUN, America/Havana"
  })
  void marks_of_clock_changes_are_those_of_a_walk_through_all_instants(String text, String zone) {
    for (DstPolicy dst :
        List.of(
            DstPolicy.BY_RHYTHM,
            new DstPolicy(DstPolicy.Gap.SKIP, DstPolicy.Overlap.BOTH),
            new DstPolicy(DstPolicy.Gap.RUN_AFTER, DstPolicy.Overlap.SECOND))) {
      Schedule.Cron cron =
          new Schedule.Cron(text, text, "QUARTZ", ZoneId.of(zone), dst, Limits.NONE);
      List<Tick> walked = new ArrayList<>();
      Timetable times = Timetable.of(cron, FROM, Exclusions.NONE);
      Instant at = FROM;
      while (at.isBefore(UNTIL)) {
        Tick tick = times.tick(at).orElseThrow();
        if (tick.note() != Note.NONE && !tick.at().isAfter(UNTIL)) {
          walked.add(tick);
        }
        at = tick.at();
      }

      assertThat(new Preview(cron, Exclusions.NONE, FROM).marked(UNTIL, 1_000).ticks())
          .as("%s %s", zone, dst)
          .isEqualTo(walked);
    }
  }

  @Test
  void the_end_of_a_schedule_is_a_mark() {
    Instant endAt = Instant.parse("2027-06-01T00:00:00Z");
    Preview preview =
        new Preview(cron("0 0 12 * * ?", Limits.between(null, endAt)), Exclusions.NONE, FROM);

    assertThat(preview.marked(UNTIL, 10).ticks())
        .contains(new Tick(Instant.parse("2027-06-01T10:00:00Z"), Note.BOUND));
    assertThat(preview.marked(endAt, 10).ticks()).noneMatch(tick -> tick.note() == Note.BOUND);
  }

  @Test
  void a_list_ends_at_a_thousand() {
    Schedule.FixedRate rate = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);

    assertThat(new Preview(rate, Exclusions.NONE, FROM).next(1_000, true)).hasSize(1_000);
    assertThat(new Preview(rate, ODD_HOURS, FROM).next(1_000, true)).hasSize(1_000);
    List<Tick> few = new Preview(rate, ODD_HOURS, FROM.plusSeconds(3_600)).next(5, true);
    assertThat(few).hasSize(105);
    assertThat(few.subList(0, 100)).noneMatch(Tick::runs);
    assertThat(few.subList(100, 105)).allMatch(Tick::runs);
    assertThat(few.get(100).at()).isEqualTo(FROM.plusSeconds(7_200));
  }

  @Test
  void an_instant_that_is_past_already_runs_at_once() {
    Schedule.At at = new Schedule.At(FROM.minusSeconds(9), null, true, null, null, Limits.NONE);

    assertThat(new Preview(at, Exclusions.NONE, FROM).next(10, true))
        .containsExactly(Tick.of(FROM.minusSeconds(9)));
  }
}
