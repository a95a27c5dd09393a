package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronExpression;

/** Where no clock changes, Quartz's own evaluator is the oracle. */
class CronTimesTest {
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

  @Test
  void random_texts_fire_as_quartz_fires_them() throws ParseException {
    Random random = new Random(20261121);
    CronTexts texts = new CronTexts(random);
    int compared = 0;
    while (compared < 8_000) {
      Instant start = FIRST.plusSeconds(random.nextInt(400_000_000));
      compared += compare(random.nextInt(4) == 0 ? texts.daily() : texts.next(), start);
    }
  }

  private static int compare(String text, Instant start) throws ParseException {
    if (!(CronReader.read(text, CronReader.QUARTZ) instanceof Reading.Valid valid)
        || !Rhythms.plain(valid.normalized(), ZoneOffset.UTC)) {
      return 0;
    }
    CronTimes ours = CronTimes.parse(valid.normalized());
    CronExpression original = new CronExpression(valid.normalized());
    original.setTimeZone(TimeZone.getTimeZone("UTC"));
    Instant at = start;
    for (int n = 0; n < 5; n++) {
      Date expected = original.getTimeAfter(Date.from(at));
      Optional<Instant> actual = ours.next(at, ZoneOffset.UTC);
      if (expected == null) {
        assertThat(actual.filter(i -> i.isBefore(Instant.parse("2100-01-01T00:00:00Z"))))
            .as("%s after %s", text, at)
            .isEmpty();
        return 1;
      }
      assertThat(actual).as("%s after %s", text, at).contains(expected.toInstant());
      at = expected.toInstant();
    }
    return 1;
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 12 * * ?, 2026-11-21T12:00:00Z",
    "0 0 12 L * ?, 2026-11-30T12:00:00Z",
    "0 0 12 L-3 * ?, 2026-11-27T12:00:00Z",
    "0 0 12 LW * ?, 2026-11-30T12:00:00Z",
    "0 0 12 15W 8 ?, 2027-08-16T12:00:00Z",
    "0 0 12 ? * 6L, 2026-11-27T12:00:00Z",
    "0 0 12 ? * MON#1, 2026-12-07T12:00:00Z",
    "0 0 12 ? * FRI-MON, 2026-11-21T12:00:00Z",
    "0 0 22-2 * * ?, 2026-11-21T22:00:00Z",
    "0 0 0 29 2 ? , 2028-02-29T00:00:00Z",
    "0 0 0 1 1 ? 2030, 2030-01-01T00:00:00Z"
  })
  void each_sign_of_the_guide_has_its_meaning(String text, Instant expected) {
    assertThat(
            CronTimes.parse(text).next(Instant.parse("2026-11-21T08:00:00.5Z"), ZoneId.of("UTC")))
        .contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // 15 February 2026 is a Sunday: the 16th, asked on the 16th, and at each of its times
    "0 0 9 15W * ?, 2026-02-16T08:00:00Z, 2026-02-16T09:00:00Z",
    "0 0 8;12 15W * ?, 2026-02-16T08:00:00Z, 2026-02-16T12:00:00Z",
    // 13 and 15 February stand for 14W and 15W
    "0 0 9 14W;15W * ?, 2026-02-13T09:00:00Z, 2026-02-16T09:00:00Z",
    "0 0 9 L-3;27 2 ?, 2026-02-01T00:00:00Z, 2026-02-25T09:00:00Z",
    // 1 August 2026 is a Saturday, 31 May 2026 a Sunday
    "0 0 9 1W * ?, 2026-07-31T00:00:00Z, 2026-08-03T09:00:00Z",
    "0 0 9 LW * ?, 2026-05-20T00:00:00Z, 2026-05-29T09:00:00Z",
    "0 0 9 31W * ?, 2026-04-01T00:00:00Z, 2026-05-29T09:00:00Z"
  })
  void what_quartz_passes_over_by_where_it_begins_is_found(
      String text, Instant after, Instant expected) {
    String normalized = text.replace(";", ",");
    assertThat(CronTimes.parse(normalized).next(after, ZoneOffset.UTC)).contains(expected);
    assertThat(Rhythms.plain(normalized, ZoneOffset.UTC)).isFalse();
  }

  @Test
  void a_year_that_is_over_has_no_next_instant() {
    assertThat(
            CronTimes.parse("0 0 0 1 1 ? 2020")
                .next(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC))
        .isEmpty();
  }

  @Test
  void the_ends_of_time_are_survived() {
    CronTimes times = CronTimes.parse("0 0 0 1 1 ?");
    assertThat(times.next(Instant.MAX, ZoneId.of("UTC"))).isEmpty();
    assertThat(times.next(Instant.MIN, ZoneId.of("UTC"))).isEmpty();
  }

  @Test
  void days_of_either_half_of_a_union_are_met() {
    CronTimes times = CronTimes.parse("0 0 12 15 * ? | 0 0 12 ? * MON");
    assertThat(times.meets(LocalDate.of(2026, 11, 15))).isTrue();
    assertThat(times.meets(LocalDate.of(2026, 11, 16))).isTrue();
    assertThat(times.meets(LocalDate.of(2026, 11, 17))).isFalse();
  }
}
