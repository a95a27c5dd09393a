package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronExpression;

/** Quartz's own evaluator is the oracle. */
class CronTimesTest {
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "Europe/Dublin",
          "America/New_York",
          "America/Santiago",
          "America/Nuuk",
          "America/St_Johns",
          "Australia/Lord_Howe",
          "Africa/Casablanca",
          "Asia/Kolkata",
          "Pacific/Apia",
          "Asia/Beirut");
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
  private static final long SECONDS = Duration.ofDays(365 * 12).toSeconds();

  @Test
  void random_texts_fire_as_quartz_fires_them() throws ParseException {
    Random random = new Random(20261121);
    CronTexts texts = new CronTexts(random);
    for (int n = 0; n < 12_000; n++) {
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      Instant start = FIRST.plusSeconds((long) (random.nextDouble() * SECONDS));
      compare(texts.next(), zone, start, 4);
    }
  }

  @Test
  void on_days_when_clocks_change_texts_fire_as_quartz_fires_them() throws ParseException {
    Random random = new Random(26);
    CronTexts texts = new CronTexts(random);
    for (String id : ZONES) {
      ZoneId zone = ZoneId.of(id);
      List<Instant> changes = changes(zone);
      for (int n = 0; n < 60 * changes.size(); n++) {
        Instant change = changes.get(n % changes.size());
        compare(texts.daily(), zone, change.minusSeconds(random.nextInt(100_000)), 8);
        compare("0 */10 * * * ?", zone, change.minusSeconds(7000), 25);
      }
    }
  }

  private static List<Instant> changes(ZoneId zone) {
    List<Instant> changes = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(FIRST);
    while (change != null && change.getInstant().isBefore(FIRST.plusSeconds(SECONDS))) {
      changes.add(change.getInstant());
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return changes;
  }

  private static void compare(String text, ZoneId zone, Instant start, int times)
      throws ParseException {
    Reading reading = CronReader.read(text, CronReader.QUARTZ);
    if (reading instanceof Reading.Invalid invalid) {
      assertThat(invalid.code()).as(text).isEqualTo("cron_never_fires");
      return;
    }
    String normalized = ((Reading.Valid) reading).normalized();
    CronTimes ours = CronTimes.parse(normalized);
    CronExpression original = new CronExpression(normalized);
    original.setTimeZone(TimeZone.getTimeZone(zone));
    Instant at = start;
    for (int n = 0; n < times; n++) {
      Date expected = original.getTimeAfter(Date.from(at));
      Optional<Instant> actual = ours.next(at, zone);
      if (expected != null && expected.toInstant().isAfter(Instant.parse("2037-12-31T00:00:00Z"))) {
        return; // beyond it the two know different rules of zones
      }
      if (expected == null) {
        assertThat(actual.filter(i -> i.isBefore(Instant.parse("2100-01-01T00:00:00Z"))))
            .as("%s in %s after %s", normalized, zone, at)
            .isEmpty();
        return;
      }
      assertThat(actual)
          .as("%s in %s after %s", normalized, zone, at)
          .contains(expected.toInstant());
      at = expected.toInstant();
    }
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

  @Test
  void a_year_that_is_over_has_no_next_instant() {
    assertThat(
            CronTimes.parse("0 0 0 1 1 ? 2020")
                .next(Instant.parse("2026-01-01T00:00:00Z"), ZoneId.of("UTC")))
        .isEmpty();
  }

  @Test
  void the_ends_of_time_are_survived() {
    CronTimes times = CronTimes.parse("0 0 0 1 1 ?");
    assertThat(times.next(Instant.MAX, ZoneId.of("UTC"))).isEmpty();
    assertThat(times.next(Instant.MIN, ZoneId.of("UTC"))).isEmpty();
  }
}
