package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.quartz.CalendarIntervalScheduleBuilder;
import org.quartz.CronScheduleBuilder;
import org.quartz.DailyTimeIntervalScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.ScheduleBuilder;
import org.quartz.TimeOfDay;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** Each kind of trigger fires at its instants, until its count or its end. */
final class SchedulesTest extends StoreContract {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final TimeZone BERLIN_ZONE = TimeZone.getTimeZone(BERLIN);

  private final JobDetail job = job("a");

  @Test
  void a_simple_trigger_ends_after_its_repeats() throws Exception {
    assertThat(firings(PAST, null, ignoringMisfires().withIntervalInSeconds(10).withRepeatCount(2)))
        .containsExactly(PAST, PAST.plusSeconds(10), PAST.plusSeconds(20));
  }

  @Test
  void a_simple_trigger_ends_at_its_end() throws Exception {
    assertThat(
            firings(
                PAST,
                PAST.plusSeconds(25),
                ignoringMisfires().withIntervalInSeconds(10).repeatForever()))
        .containsExactly(PAST, PAST.plusSeconds(10), PAST.plusSeconds(20));
  }

  @Test
  void a_cron_trigger_fires_at_its_times_until_its_end() throws Exception {
    assertThat(
            firings(
                PAST,
                PAST.plusSeconds(3 * 3600),
                cron("0 30 * * * ?", TimeZone.getTimeZone("UTC"))))
        .containsExactly(PAST.plusSeconds(1800), PAST.plusSeconds(5400), PAST.plusSeconds(9000));
  }

  /** 30 March 2025 has no half past two in Berlin; Quartz leaves the day out. */
  @Test
  void a_cron_time_that_does_not_exist_in_spring_is_left_out() throws Exception {
    assertThat(
            firings(
                at("2025-03-29T00:00"), at("2025-04-01T00:00"), cron("0 30 2 * * ?", BERLIN_ZONE)))
        .containsExactly(at("2025-03-29T02:30"), at("2025-03-31T02:30"));
  }

  /** 26 October 2025 has two half past twos; Quartz takes one. */
  @Test
  void a_cron_time_that_exists_twice_in_autumn_fires_once() throws Exception {
    List<Instant> firings =
        firings(at("2025-10-25T00:00"), at("2025-10-28T00:00"), cron("0 30 2 * * ?", BERLIN_ZONE));

    assertThat(firings).hasSize(3);
    assertThat(firings).extracting(instant -> instant.atZone(BERLIN).getHour()).containsOnly(2);
  }

  /** The day of the month is the last one's: once short, always short. */
  @Test
  void a_calendar_interval_counts_months() throws Exception {
    Instant first = Instant.parse("2025-01-31T09:00:00Z");

    assertThat(
            firings(
                first,
                Instant.parse("2025-04-15T00:00:00Z"),
                CalendarIntervalScheduleBuilder.calendarIntervalSchedule()
                    .withIntervalInMonths(1)
                    .inTimeZone(TimeZone.getTimeZone("UTC"))
                    .withMisfireHandlingInstructionIgnoreMisfires()))
        .containsExactly(
            first, Instant.parse("2025-02-28T09:00:00Z"), Instant.parse("2025-03-28T09:00:00Z"));
  }

  @Test
  void a_calendar_interval_of_days_keeps_the_hour_over_a_change_of_time() throws Exception {
    assertThat(
            firings(
                at("2025-03-29T12:00"),
                at("2025-04-01T00:00"),
                CalendarIntervalScheduleBuilder.calendarIntervalSchedule()
                    .withIntervalInDays(1)
                    .inTimeZone(BERLIN_ZONE)
                    .preserveHourOfDayAcrossDaylightSavings(true)
                    .withMisfireHandlingInstructionIgnoreMisfires()))
        .containsExactly(at("2025-03-29T12:00"), at("2025-03-30T12:00"), at("2025-03-31T12:00"));
  }

  @Test
  void a_daily_interval_fires_within_its_hours_only() throws Exception {
    assertThat(
            firings(
                Instant.parse("2025-06-02T00:00:00Z"),
                Instant.parse("2025-06-03T09:30:00Z"),
                DailyTimeIntervalScheduleBuilder.dailyTimeIntervalSchedule()
                    .withIntervalInHours(1)
                    .startingDailyAt(TimeOfDay.hourAndMinuteOfDay(8, 0))
                    .endingDailyAt(TimeOfDay.hourAndMinuteOfDay(9, 0))
                    .onEveryDay()
                    .withMisfireHandlingInstructionIgnoreMisfires()))
        .hasSize(4);
  }

  @Test
  void a_daily_interval_ends_after_its_repeats() throws Exception {
    assertThat(
            firings(
                PAST,
                null,
                DailyTimeIntervalScheduleBuilder.dailyTimeIntervalSchedule()
                    .withIntervalInMinutes(10)
                    .withRepeatCount(2)
                    .onEveryDay()
                    .withMisfireHandlingInstructionIgnoreMisfires()))
        .hasSize(3);
  }

  private static ScheduleBuilder<?> cron(String expression, TimeZone zone) {
    return CronScheduleBuilder.cronSchedule(expression)
        .inTimeZone(zone)
        .withMisfireHandlingInstructionIgnoreMisfires();
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
  }

  /** Fires a trigger until it ends, and says for when; it is gone afterwards. */
  private List<Instant> firings(Instant from, Instant until, ScheduleBuilder<?> schedule)
      throws Exception {
    TriggerBuilder<Trigger> builder = trigger("t", job).startAt(Date.from(from));
    if (until != null) {
      builder.endAt(Date.from(until));
    }
    OperableTrigger trigger = plan(with(builder, schedule));
    store(job, trigger);
    List<Instant> planned = new ArrayList<>();
    while (state(trigger) == TriggerState.NORMAL) {
      TriggerFiredBundle fired = fireOne();
      planned.add(side.plannedFor(fired));
      end(fired);
    }
    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(store().checkExists(job.getKey())).isFalse();
    return planned;
  }

  private static <T extends Trigger> TriggerBuilder<T> with(
      TriggerBuilder<Trigger> builder, ScheduleBuilder<T> schedule) {
    return builder.withSchedule(schedule);
  }
}
