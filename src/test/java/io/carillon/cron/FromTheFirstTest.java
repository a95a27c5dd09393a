package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.quartz.CronExpression;

class FromTheFirstTest {
  private static final String[] DAYS = {
    "LW", "1W", "15W", "31W", "L-3W", "14W,15W", "15W,L-2", "1W,10,20", "L-3,27", "L,15", "30,L-1"
  };
  private static final String[] TIMES = {"0 0 12", "30 15,45 8-17", "*/20 59 23", "0 0 0,23"};

  @Test
  void the_monday_that_stands_for_a_sunday_is_found_on_that_monday_too() {
    Rhythm rhythm = Rhythms.cron("0 0 9 15W * ?", ZoneOffset.UTC, DstPolicy.BY_RHYTHM);
    assertThat(rhythm.next(Instant.parse("2026-02-16T08:00:00Z")))
        .contains(Tick.of(Instant.parse("2026-02-16T09:00:00Z")));
  }

  @Test
  void from_the_first_of_a_month_quartz_finds_the_same_wherever_we_begin() throws ParseException {
    Random random = new Random(15);
    for (int n = 0; n < 3_000; n++) {
      String text =
          TIMES[random.nextInt(TIMES.length)] + " " + DAYS[random.nextInt(DAYS.length)] + " * ?";
      CronExpression quartz = new CronExpression(text);
      quartz.setTimeZone(TimeZone.getTimeZone("UTC"));
      Rhythm rhythm = Rhythms.cron(text, ZoneOffset.UTC, DstPolicy.BY_RHYTHM);
      LocalDate month = LocalDate.of(2020 + random.nextInt(30), 1 + random.nextInt(12), 1);
      Instant at = month.atStartOfDay().toInstant(ZoneOffset.UTC).minusMillis(1);
      for (int step = 0; step < 40; step++) {
        Instant expected = quartz.getTimeAfter(Date.from(at)).toInstant();
        long between = expected.getEpochSecond() - at.getEpochSecond();
        Instant begin = at.plusSeconds((long) (random.nextDouble() * between));
        assertThat(rhythm.next(begin)).as("%s after %s", text, begin).contains(Tick.of(expected));
        at = expected;
      }
    }
  }
}
