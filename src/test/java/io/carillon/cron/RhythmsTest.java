package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RhythmsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Berlin 2026: 29 March 02:00 to 03:00 is left out, 25 October 02:00 to 03:00 comes twice. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 30 2 * * ?      | 03-29T00:00 | 03-29T01:00Z >                  | 03-30T00:30Z
          0 0 2,3 * * ?     | 03-29T00:00 | 03-29T01:00Z                    | 03-30T00:00Z
          0 30 2,14 * * ?   | 03-29T00:00 | 03-29T01:00Z > 03-29T12:30Z     | 03-30T00:30Z
          0 0,30 2 * * ?    | 03-29T00:00 | 03-29T01:00Z > 03-29T01:30Z >   | 03-30T00:00Z
          0 */30 * * * ?    | 03-29T00:30 | 03-29T01:00Z 03-29T01:30Z       | 03-29T02:00Z
          0 30 1-3 * * ?    | 03-29T00:00 | 03-29T00:30Z 03-29T01:30Z       | 03-29T23:30Z
          0 30 0-23/2 * * ? | 03-29T00:00 | 03-29T01:30Z > 03-29T02:30Z     | 03-29T04:30Z
          0 30 2 * * ?      | 10-24T23:00 | 10-25T00:30Z 1                  | 10-26T01:30Z
          0 30 2,14 * * ?   | 10-24T23:00 | 10-25T00:30Z 1 10-25T13:30Z     | 10-26T01:30Z
          0 30 1,2 * * ?    | 10-24T23:40 | 10-25T00:30Z 1 10-25T01:30Z 2   | 10-26T00:30Z
          0 0,30 2 * * ?    | 10-24T23:00 | 10-25T00:00Z 1 10-25T00:30Z 1 10-25T01:00Z 2 10-25T01:30Z 2 | 10-26T01:00Z
          0 0 * * * ?       | 10-24T23:00 | 10-25T00:00Z 1 10-25T01:00Z 2   | 10-25T02:00Z
          0 0 3 * * ?       | 10-24T23:00 | 10-25T02:00Z                    | 10-26T02:00Z
          """)
  void clock_changes_do_what_the_rules_say(
      String text, String after, String expected, String then) {
    Rhythm rhythm = Rhythms.cron(text, BERLIN, DstPolicy.BY_RHYTHM);
    assertThat(told(rhythm, Instant.parse("2026-" + after + ":00Z"), then))
        .isEqualTo(expected + " " + then);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 30 2 * * ?   | RUN_AFTER |        | 03-29T00:00 | 03-29T01:00Z >              | 03-30T00:30Z
          0 30 2 * * ?   | SKIP      |        | 03-29T00:00 | 03-29T01:00Z x              | 03-30T00:30Z
          0 30 2,3 * * ? | SKIP      |        | 03-29T00:00 | 03-29T01:00Z x 03-29T01:30Z | 03-30T00:30Z
          0 0 2,3 * * ?  | SKIP      |        | 03-29T00:00 | 03-29T01:00Z                | 03-30T00:00Z
          0 0,30 2 * * ? | RUN_AFTER |        | 03-29T00:00 | 03-29T01:00Z >              | 03-30T00:00Z
          0 30 2 * * ?   |           | FIRST  | 10-24T23:00 | 10-25T00:30Z 1              | 10-26T01:30Z
          0 30 2 * * ?   |           | SECOND | 10-24T23:00 | 10-25T01:30Z 2              | 10-26T01:30Z
          0 30 2 * * ?   |           | BOTH   | 10-24T23:00 | 10-25T00:30Z 1 10-25T01:30Z 2 | 10-26T01:30Z
          0 0 * * * ?    |           | FIRST  | 10-24T23:00 | 10-25T00:00Z 1              | 10-25T02:00Z
          0 0 * * * ?    | SKIP      | SECOND | 10-24T23:00 | 10-25T01:00Z 2              | 10-25T02:00Z
          """)
  void what_the_schedule_names_wins(
      String text,
      DstPolicy.@Nullable Gap gap,
      DstPolicy.@Nullable Overlap overlap,
      String after,
      String expected,
      String then) {
    Rhythm rhythm = Rhythms.cron(text, BERLIN, new DstPolicy(gap, overlap));
    assertThat(told(rhythm, Instant.parse("2026-" + after + ":00Z"), then))
        .isEqualTo(expected + " " + then);
  }

  @ParameterizedTest
  @CsvSource({
    // 30 minutes: 02:00 to 02:30 is left out, 01:30 to 02:00 comes twice
    "0 15 2 * * ?, Australia/Lord_Howe, 2026-10-03T00:00:00Z, 2026-10-03T15:30:00Z",
    "0 45 1 * * ?, Australia/Lord_Howe, 2026-04-04T00:00:00Z, 2026-04-04T14:45:00Z",
    // a whole day: 30 December 2011 is left out
    "0 0 12 30 12 ?, Pacific/Apia, 2011-12-01T00:00:00Z, 2011-12-30T10:00:00Z",
    // at midnight
    "0 0 0 * * ?, America/Santiago, 2026-09-05T12:00:00Z, 2026-09-06T04:00:00Z",
    "0 30 23 * * ?, America/Santiago, 2026-04-04T12:00:00Z, 2026-04-05T02:30:00Z",
    "0 0 0 * * ?, Africa/Cairo, 2026-04-23T12:00:00Z, 2026-04-23T22:00:00Z",
    // two hours
    "0 30 1 * * ?, Antarctica/Troll, 2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z"
  })
  void zones_with_changes_of_their_own_are_told_right(
      String text, String zone, Instant after, Instant expected) {
    assertThat(Rhythms.cron(text, ZoneId.of(zone), DstPolicy.BY_RHYTHM).next(after).map(Tick::at))
        .contains(expected);
  }

  @Test
  void a_union_fires_once_where_both_agree() {
    Reading.Valid valid = (Reading.Valid) CronReader.read("0 12 15 * MON", null);
    Rhythm rhythm = Rhythms.cron(valid.normalized(), BERLIN, DstPolicy.BY_RHYTHM);
    assertThat(told(rhythm, Instant.parse("2026-06-07T00:00:00Z"), "06-22T10:00Z"))
        .isEqualTo("06-08T10:00Z 06-15T10:00Z 06-22T10:00Z");
  }

  @Test
  void a_window_goes_through_the_repeated_hour_and_not_through_the_lost_one() {
    Set<DayOfWeek> days = EnumSet.of(DayOfWeek.SUNDAY);
    Rhythm rhythm =
        Rhythms.window(
            LocalTime.of(1, 30),
            LocalTime.of(3, 29, 59),
            Duration.ofMinutes(30),
            days,
            BERLIN,
            DstPolicy.BY_RHYTHM);
    assertThat(told(rhythm, Instant.parse("2026-03-27T00:00:00Z"), "04-04T23:30Z"))
        .isEqualTo("03-29T00:30Z 03-29T01:00Z 04-04T23:30Z");
    assertThat(told(rhythm, Instant.parse("2026-10-24T00:00:00Z"), "10-25T02:00Z"))
        .isEqualTo(
            "10-24T23:30Z 10-25T00:00Z 1 10-25T00:30Z 1 10-25T01:00Z 2 10-25T01:30Z 2"
                + " 10-25T02:00Z");
  }

  @Test
  void only_what_is_strictly_later_is_told() {
    Rhythm rhythm = Rhythms.cron("0 30 2 * * ?", BERLIN, DstPolicy.BY_RHYTHM);
    Instant shifted = Instant.parse("2026-03-29T01:00:00Z");
    assertThat(rhythm.next(shifted.minusNanos(1)).map(Tick::at)).contains(shifted);
    assertThat(rhythm.next(shifted).map(Tick::at)).contains(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @ParameterizedTest
  @CsvSource({"UTC", "Europe/Berlin", "America/Santiago", "Africa/Casablanca"})
  void the_ends_of_time_are_survived(String zone) {
    Rhythm rhythm = Rhythms.cron("0 30 2 29 2 ?", ZoneId.of(zone), DstPolicy.BY_RHYTHM);
    for (String year : List.of("1899", "1969", "2299", "9890", "9999", "+999999999")) {
      Optional<Tick> tick = rhythm.next(Instant.parse(year + "-01-01T00:00:00Z"));
      assertThat(tick.isPresent())
          .as(year)
          .isEqualTo(!year.startsWith("99") && !year.startsWith("+9") && !year.equals("1899"));
    }
    assertThat(rhythm.next(Instant.MIN)).isEmpty();
    assertThat(rhythm.next(Instant.MAX)).isEmpty();
    assertThat(
            Rhythms.cron("0 0 0 1 1 ? 2020", ZoneId.of(zone), DstPolicy.BY_RHYTHM)
                .next(Instant.parse("2026-01-01T00:00:00Z")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0 12 * * ?", "0 0 12 1 * ? | 0 30 12 ? * MON", "0 0 12 ? * ?", "''"})
  void what_is_not_normalized_is_refused(String text) {
    assertThatThrownBy(() -> Rhythms.cron(text, BERLIN, DstPolicy.BY_RHYTHM))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * What is planned after an instant up to another: {@code >} moved, {@code x} not run, 1st, 2nd.
   */
  private static String told(Rhythm rhythm, Instant after, String until) {
    Instant last = Instant.parse("2026-" + until.replace("Z", ":00Z"));
    List<String> told = new ArrayList<>();
    Optional<Tick> tick = rhythm.next(after);
    while (tick.isPresent() && !tick.get().at().isAfter(last)) {
      told.add(tick.get().at().toString().substring(5, 16) + "Z" + mark(tick.get().note()));
      tick = rhythm.next(tick.get().at());
    }
    return String.join(" ", told);
  }

  private static String mark(Note note) {
    return switch (note) {
      case DST_GAP_SHIFTED -> " >";
      case DST_GAP_SKIPPED -> " x";
      case DST_OVERLAP_FIRST -> " 1";
      case DST_OVERLAP_SECOND -> " 2";
      default -> "";
    };
  }
}
