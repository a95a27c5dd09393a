package io.carillon.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.CronReader;
import io.carillon.cron.DstPolicy;
import io.carillon.cron.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronScheduleBuilder;
import org.quartz.ScheduleBuilder;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerUtils;
import org.quartz.spi.OperableTrigger;

/** What a timetable says; in UTC and between clock changes, what Quartz's plain triggers do. */
class TimetableTest {
  private static final Instant ACCEPTED = Instant.parse("2026-11-21T08:00:00.250Z");
  private static final Instant START = Instant.parse("2026-12-24T12:00:00Z");
  private static final Instant END = Instant.parse("2027-01-10T00:00:00Z");

  @Test
  void a_calendar_that_ends_within_the_millisecond_of_an_instant_ends_nothing_else() {
    Instant end = ACCEPTED.plusSeconds(3).plusNanos(1);
    Exclusions exclusions = (at, zone) -> at.isBefore(end) ? end : at;
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);

    assertThat(Timetable.of(everySecond, ACCEPTED, exclusions).first())
        .contains(ACCEPTED.plusSeconds(4));
  }

  @Test
  void one_time_schedules_have_one_instant() {
    assertThat(first(new Schedule.Now(Limits.NONE), ACCEPTED)).contains(ACCEPTED);
    assertThat(first(new Schedule.Delay(Duration.ofSeconds(3), Limits.NONE), ACCEPTED))
        .contains(ACCEPTED.plusSeconds(3));
    assertThat(first(at(Instant.EPOCH, Limits.NONE), ACCEPTED)).contains(Instant.EPOCH);
    assertThat(next(at(START, Limits.NONE), ACCEPTED, ACCEPTED, 10)).containsExactly(START);
    assertThat(next(at(START, Limits.NONE), ACCEPTED, START, 10)).isEmpty();
  }

  @Test
  void nothing_fires_outside_its_bounds() {
    Limits bounds = Limits.between(START, END);
    assertThat(first(new Schedule.Now(bounds), ACCEPTED)).contains(START);
    assertThat(first(at(ACCEPTED, bounds), ACCEPTED)).contains(START);
    assertThat(first(at(END.plusMillis(1), bounds), ACCEPTED)).isEmpty();
    assertThat(first(at(END, bounds), ACCEPTED)).contains(END);
    assertThat(first(cron("0 0 0 1 3 ?", "UTC", bounds), ACCEPTED)).isEmpty();
    assertThat(first(cron("0 0 12 * * ?", "UTC", bounds), ACCEPTED)).contains(START);
  }

  @Test
  void a_rate_begins_at_its_start_or_one_interval_after_acceptance() {
    Duration every = Duration.ofMinutes(10);
    assertThat(first(new Schedule.FixedRate(every, Limits.NONE), ACCEPTED))
        .contains(ACCEPTED.plus(every));
    assertThat(first(new Schedule.FixedRate(every, Limits.between(START, null)), ACCEPTED))
        .contains(START);
    Limits past = Limits.between(ACCEPTED.minus(Duration.ofMinutes(25)), null);
    assertThat(first(new Schedule.FixedRate(every, past), ACCEPTED))
        .contains(ACCEPTED.plus(Duration.ofMinutes(5)));
    Limits onGrid = Limits.between(ACCEPTED.minus(Duration.ofMinutes(20)), null);
    assertThat(first(new Schedule.FixedRate(every, onGrid), ACCEPTED)).contains(ACCEPTED);
  }

  @Test
  void a_rate_fires_as_quartz_fires_it() {
    Schedule.FixedRate rate =
        new Schedule.FixedRate(Duration.ofHours(7), Limits.between(START, END));
    assertThat(next(rate, ACCEPTED, ACCEPTED, 1_000))
        .isEqualTo(
            all(
                SimpleScheduleBuilder.simpleSchedule()
                    .withIntervalInMilliseconds(rate.every().toMillis())
                    .repeatForever()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 12 * * ?",
        "0 */17 * * * ?",
        "0 30 2 ? * MON-FRI",
        "0 0 0 L * ?",
        "59 59 23 LW * ?"
      })
  void a_cron_text_fires_as_quartz_fires_it(String text) {
    Schedule.Cron cron = cron(text, "Europe/Berlin", Limits.between(START, END));
    assertThat(next(cron, ACCEPTED, ACCEPTED, 10_000))
        .isEqualTo(
            all(
                CronScheduleBuilder.cronSchedule(cron.normalized())
                    .inTimeZone(TimeZone.getTimeZone(cron.zone()))));
  }

  @Test
  void only_what_is_strictly_later_is_told() {
    Schedule.FixedRate rate = new Schedule.FixedRate(Duration.ofSeconds(10), Limits.NONE);
    Instant first = ACCEPTED.plusSeconds(10);
    assertThat(next(rate, ACCEPTED, first, 2))
        .containsExactly(first.plusSeconds(10), first.plusSeconds(20));
    assertThat(next(rate, ACCEPTED, first.plusSeconds(15), 1))
        .containsExactly(first.plusSeconds(20));
    Schedule.Cron daily = cron("0 0 12 * * ?", "UTC", Limits.NONE);
    Instant noon = Instant.parse("2026-11-21T12:00:00Z");
    assertThat(next(daily, ACCEPTED, noon, 1)).containsExactly(noon.plus(Duration.ofDays(1)));
  }

  @Test
  void a_cron_text_that_matches_the_second_of_acceptance_waits_for_the_next() {
    assertThat(first(cron("* * * * * ?", "UTC", Limits.NONE), ACCEPTED))
        .contains(Instant.parse("2026-11-21T08:00:01Z"));
  }

  @Test
  void of_a_fixed_delay_only_the_first_is_known() {
    Schedule.FixedDelay delay = new Schedule.FixedDelay(Duration.ofMinutes(1), Limits.NONE);
    assertThat(next(delay, ACCEPTED, ACCEPTED, 5))
        .containsExactly(ACCEPTED.plus(Duration.ofMinutes(1)));
  }

  @Test
  void the_end_of_time_is_the_end() {
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    assertThat(
            next(new Schedule.FixedRate(Duration.ofDays(36_525), Limits.NONE), ACCEPTED, last, 5))
        .isEmpty();
    assertThat(next(cron("@daily", "UTC", Limits.NONE), ACCEPTED, last, 5)).isEmpty();
  }

  private static Optional<Instant> first(Schedule schedule, Instant accepted) {
    return Timetable.of(schedule, accepted, Exclusions.NONE).first();
  }

  private static List<Instant> next(Schedule schedule, Instant accepted, Instant after, int most) {
    Timetable times = Timetable.of(schedule, accepted, Exclusions.NONE);
    List<Instant> found = new ArrayList<>();
    Optional<Instant> at = times.next(after);
    while (at.isPresent() && found.size() < most) {
      found.add(at.get());
      at = times.next(at.get());
    }
    return found;
  }

  /** The instants of Quartz's own trigger within the window. */
  private static List<Instant> all(ScheduleBuilder<?> schedule) {
    OperableTrigger trigger =
        (OperableTrigger)
            TriggerBuilder.newTrigger()
                .startAt(Date.from(START))
                .endAt(Date.from(END))
                .withSchedule(schedule)
                .build();
    List<Instant> found = new ArrayList<>();
    for (Date date : TriggerUtils.computeFireTimes(trigger, null, 10_000)) {
      found.add(date.toInstant());
    }
    return found;
  }

  private static Schedule.At at(Instant at, Limits limits) {
    return new Schedule.At(at, null, true, null, null, limits);
  }

  private static Schedule.Cron cron(String text, String zone, Limits limits) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    return new Schedule.Cron(
        text, valid.normalized(), valid.dialect(), ZoneId.of(zone), DstPolicy.BY_RHYTHM, limits);
  }
}
