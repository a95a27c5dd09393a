package io.carillon.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.DstPolicy;
import io.carillon.job.Exclusions;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a calendar excludes, and how far one step leads out of it. */
class CalendarRulesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "dates": ["2026-12-24"]                                       | 2026-12-23T22:59:59Z | free
          "dates": ["2026-12-24"]                                       | 2026-12-23T23:00:00Z | 2026-12-24T23:00:00Z
          "dates": ["2026-12-24"]                                       | 2026-12-24T22:59:59.999Z | 2026-12-24T23:00:00Z
          "dates": ["2026-12-24"]                                       | 2026-12-24T23:00:00Z | free
          "dates": ["2026-12-26", "2026-12-24", "2026-12-25"]           | 2026-12-24T12:00:00Z | 2026-12-26T23:00:00Z
          "ranges": [{"from": "2026-07-01", "to": "2026-08-31"}]        | 2026-07-01T00:00:00Z | 2026-08-31T22:00:00Z
          "ranges": [{"from": "2026-12-24T18:00", "to": "2026-12-24T20:30"}] | 2026-12-24T17:00:00Z | 2026-12-24T19:30:00Z
          "ranges": [{"from": "2026-12-24T18:00", "to": "2026-12-24T20:30"}] | 2026-12-24T19:30:00Z | free
          "ranges": [{"from": "2026-12-24T18:00:00Z", "to": "2026-12-24T20:30:00Z"}] | 2026-12-24T18:00:00Z | 2026-12-24T20:30:00Z
          "ranges": [{"from": "2026-12-24T18:00:00Z", "to": "2026-12-24T20:30:00Z"}] | 2026-12-24T20:30:00Z | free
          "weekdays": ["SAT", "SUN"]                                    | 2026-11-21T08:00:00Z | 2026-11-22T23:00:00Z
          "weekdays": ["SAT", "SUN"]                                    | 2026-11-20T22:59:59Z | free
          "weekdays": ["SUN", "MON"]                                    | 2026-11-22T08:00:00Z | 2026-11-23T23:00:00Z
          "yearly": ["12-25"]                                           | 2031-12-25T08:00:00Z | 2031-12-25T23:00:00Z
          "yearly": ["02-29"]                                           | 2027-02-28T22:00:00Z | free
          "yearly": ["02-29"]                                           | 2028-02-29T08:00:00Z | 2028-02-29T23:00:00Z
          "cron": ["0 * 0-7 ? * *"]                                     | 2026-11-21T00:15:30Z | 2026-11-21T07:00:00Z
          "cron": ["0 * 0-7 ? * *"]                                     | 2026-11-21T07:00:00Z | free
          "cron": ["* 0-7 * * 1-5"]                                     | 2026-11-21T00:15:30Z | free
          "cron": ["* 0-7 * * 1-5"]                                     | 2026-11-23T00:15:30Z | 2026-11-23T07:00:00Z
          "cron": ["* * * * 1-5"]                                       | 2026-11-23T00:15:30Z | 2026-11-23T23:00:00Z
          "cron": ["30 12 * * *"]                                       | 2026-11-23T11:30:59Z | 2026-11-23T11:31:00Z
          "cron": ["10-20 30 12 * * ?"]                                 | 2026-11-23T11:30:09Z | free
          "cron": ["10-20 30 12 * * ?"]                                 | 2026-11-23T11:30:10Z | 2026-11-23T11:30:21Z
          "cron": ["* 30 12 * * ?"]                                     | 2026-11-23T11:30:10Z | 2026-11-23T11:31:00Z
          "cron": ["0 0 12 L * ?"]                                      | 2026-11-30T11:00:10Z | 2026-11-30T11:01:00Z
          "weekdays": ["SAT"], "yearly": ["11-21"], "dates": ["2026-11-22"] | 2026-11-21T08:00:00Z | 2026-11-21T23:00:00Z
          "description": "empty"                                        | 2026-11-21T08:00:00Z | free
          """)
  void an_instant_is_free_or_the_next_free_one_is_told(String members, Instant at, String free) {
    assertThat(Definition.rules(members).freeFrom(at, BERLIN))
        .isEqualTo(free.equals("free") ? at : Instant.parse(free));
  }

  @Test
  void the_zone_of_the_schedule_says_which_day_it_is() {
    CalendarRules rules = Definition.rules("\"dates\": [\"2026-12-24\"]");
    Instant at = Instant.parse("2026-12-24T23:30:00Z");

    assertThat(rules.freeFrom(at, BERLIN)).isEqualTo(at);
    assertThat(rules.freeFrom(at, ZoneId.of("UTC"))).isEqualTo("2026-12-25T00:00:00Z");
    assertThat(rules.freeFrom(at, ZoneId.of("America/New_York"))).isEqualTo("2026-12-25T05:00:00Z");
  }

  /** Minute by minute, around changes at midnight, by half an hour, of a lost day. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-03-28, 3",
    "Europe/Berlin, 2026-10-24, 3",
    "America/Santiago, 2026-04-03, 4",
    "America/Santiago, 2026-09-04, 4",
    "Australia/Lord_Howe, 2026-04-04, 3",
    "Pacific/Apia, 2011-12-28, 5",
    "America/Havana, 2026-10-31, 3"
  })
  void no_step_leads_over_a_free_minute(String zoneId, String day, int days) {
    ZoneId zone = ZoneId.of(zoneId);
    CalendarRules rules =
        Definition.rules(
            """
            "dates": ["2026-03-29", "2026-10-25", "2026-04-05", "2026-09-06", "2011-12-29", "2026-11-01"],
            "ranges": [{"from": "2026-03-28T02:30", "to": "2026-03-28T03:15"}],
            "cron": ["*/7 1-2,23 * * *"]
            """);
    Instant begin = LocalDateTime.parse(day + "T00:00:00").atZone(zone).toInstant();
    Instant end = begin.plus(Duration.ofDays(days));

    Instant firstFree = end;
    for (Instant at = end; at.isAfter(begin); at = at.minusSeconds(60)) {
      boolean excluded = isExcluded(at.atZone(zone).toLocalDateTime());
      firstFree = excluded ? firstFree : at;
      Instant free = rules.freeFrom(at, zone);
      if (free.isAfter(at) != excluded || free.isAfter(firstFree) && !firstFree.equals(end)) {
        throw new AssertionError(at + " leads to " + free + ", and " + firstFree + " is free");
      }
    }
  }

  private static boolean isExcluded(LocalDateTime at) {
    List<String> dates =
        List.of("2026-03-29", "2026-10-25", "2026-04-05", "2026-09-06", "2011-12-29", "2026-11-01");
    boolean inRange =
        !at.isBefore(LocalDateTime.parse("2026-03-28T02:30"))
            && at.isBefore(LocalDateTime.parse("2026-03-28T03:15"));
    boolean inWindow = at.getMinute() % 7 == 0 && List.of(1, 2, 23).contains(at.getHour());
    return dates.contains(at.toLocalDate().toString()) || inRange || inWindow;
  }

  @Test
  void days_of_the_week_and_of_the_year_are_what_java_says_they_are() {
    CalendarRules rules =
        Definition.rules("\"weekdays\": [\"TUE\", \"SUN\"], \"yearly\": [\"01-01\", \"05-01\"]");
    for (LocalDateTime day = LocalDateTime.parse("2026-01-01T12:00");
        day.getYear() < 2029;
        day = day.plusDays(1)) {
      Instant noon = day.atZone(BERLIN).toInstant();
      boolean excluded =
          day.getDayOfWeek() == DayOfWeek.TUESDAY
              || day.getDayOfWeek() == DayOfWeek.SUNDAY
              || MonthDay.from(day).equals(MonthDay.of(1, 1))
              || MonthDay.from(day).equals(MonthDay.of(5, 1));
      assertThat(rules.freeFrom(noon, BERLIN).isAfter(noon)).as("%s", day).isEqualTo(excluded);
    }
  }

  @Test
  void several_calendars_exclude_what_any_of_them_does() {
    Exclusions both =
        Exclusions.of(
            List.<Exclusions>of(
                Definition.rules("\"dates\": [\"2026-12-24\"]"),
                Definition.rules("\"dates\": [\"2026-12-24\", \"2026-12-25\"]")));

    assertThat(both.freeFrom(Instant.parse("2026-12-24T12:00:00Z"), BERLIN))
        .isEqualTo("2026-12-25T23:00:00Z");
    assertThat(both.freeFrom(Instant.parse("2026-12-26T12:00:00Z"), BERLIN))
        .isEqualTo("2026-12-26T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"ranges\": [{\"from\": \"2026-11-21\", \"to\": \"2027-11-20\"}]",
        "\"ranges\": [{\"from\": \"2026-11-21\", \"to\": \"2027-11-20\"}], \"cron\": [\"* * * * *\"]"
      })
  void a_year_of_excluded_seconds_is_left_in_few_steps(String members) {
    CalendarRules rules = Definition.rules(members);
    AtomicInteger asked = new AtomicInteger();
    Exclusions counted =
        (at, zone) -> {
          asked.incrementAndGet();
          return rules.freeFrom(at, zone);
        };
    Schedule.FixedRate everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
    Timetable times = Timetable.of(everySecond, Definition.NOW, counted);

    if (members.contains("cron")) {
      assertThat(times.first()).isEmpty();
    } else {
      assertThat(times.first()).contains(Instant.parse("2027-11-21T00:00:00Z"));
      assertThat(asked.get()).isLessThan(10);
    }
  }

  @Test
  void a_daily_job_passes_over_the_days_of_its_calendar() {
    Schedule.Cron daily =
        new Schedule.Cron(
            "0 12 * * *", "0 0 12 * * ?", "UNIX", BERLIN, DstPolicy.BY_RHYTHM, Limits.NONE);
    Timetable times =
        Timetable.of(daily, Definition.NOW, Definition.rules("\"weekdays\": [\"SAT\", \"SUN\"]"));
    List<Instant> found = new ArrayList<>();
    Instant at = times.first().orElseThrow();
    while (found.size() < 6) {
      found.add(at);
      at = times.next(at).orElseThrow();
    }

    assertThat(found)
        .extracting(instant -> instant.atZone(BERLIN).getDayOfWeek().toString().substring(0, 3))
        .containsExactly("MON", "TUE", "WED", "THU", "FRI", "MON");
  }

  @Test
  void a_delay_whose_first_instant_is_excluded_waits_for_a_free_one() {
    Schedule.FixedDelay delay = new Schedule.FixedDelay(Duration.ofHours(5), Limits.NONE);
    Timetable times =
        Timetable.of(delay, Definition.NOW, Definition.rules("\"dates\": [\"2026-11-21\"]"));

    assertThat(times.first()).contains(Instant.parse("2026-11-22T04:00:00Z"));
    assertThat(times.next(Instant.parse("2026-11-22T04:00:00Z"))).isEmpty();
  }
}
