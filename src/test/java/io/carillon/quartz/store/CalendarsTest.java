package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.quartz.Calendar;
import org.quartz.CalendarIntervalScheduleBuilder;
import org.quartz.CronScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.impl.calendar.AnnualCalendar;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.impl.calendar.CronCalendar;
import org.quartz.impl.calendar.DailyCalendar;
import org.quartz.impl.calendar.HolidayCalendar;
import org.quartz.impl.calendar.MonthlyCalendar;
import org.quartz.impl.calendar.WeeklyCalendar;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** Calendars are kept, and triggers leave out what theirs exclude. */
final class CalendarsTest extends StoreContract {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
  private static final Instant MONDAY = Instant.parse("2025-06-02T10:00:00Z");

  private final JobDetail job = job("a");

  private static HolidayCalendar without(String... days) {
    HolidayCalendar calendar = new HolidayCalendar(UTC);
    for (String day : days) {
      calendar.addExcludedDate(Date.from(Instant.parse(day + "T00:00:00Z")));
    }
    return calendar;
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T10:00:00Z");
  }

  private OperableTrigger daily(Calendar calendar) {
    return plan(
        trigger("t", job)
            .startAt(Date.from(MONDAY))
            .modifiedByCalendar("days")
            .withSchedule(ignoringMisfires().withIntervalInHours(24).repeatForever()),
        calendar);
  }

  @Test
  void a_calendar_of_each_kind_is_read_back() throws Exception {
    DailyCalendar night = new DailyCalendar("22:00", "23:00");
    List<Calendar> calendars =
        List.of(
            new BaseCalendar(UTC),
            without("2025-06-03"),
            new AnnualCalendar(UTC),
            new CronCalendar(night, "* * 0-7 ? * *", UTC),
            night,
            new MonthlyCalendar(UTC),
            new WeeklyCalendar(UTC));
    Instant instant = Instant.parse("2025-06-02T23:30:00Z");
    for (Calendar calendar : calendars) {
      String name = calendar.getClass().getSimpleName();
      store().storeCalendar(name, calendar, false, false);

      Calendar read = store().retrieveCalendar(name);
      assertThat(read).hasSameClassAs(calendar);
      assertThat(read.getNextIncludedTime(instant.toEpochMilli()))
          .isEqualTo(calendar.getNextIncludedTime(instant.toEpochMilli()));
    }
    assertThat(store().getNumberOfCalendars()).isEqualTo(calendars.size());
    assertThat(store().getCalendarNames()).contains("CronCalendar", "HolidayCalendar");
  }

  @Test
  void a_second_calendar_of_one_name_is_refused_unless_it_may_replace() throws Exception {
    store().storeCalendar("days", without("2025-06-03"), false, false);

    assertThatThrownBy(() -> store().storeCalendar("days", without(), false, false))
        .isInstanceOf(ObjectAlreadyExistsException.class);
    store().storeCalendar("days", without(), true, false);

    assertThat(store().retrieveCalendar("days").isTimeIncluded(at("2025-06-03").toEpochMilli()))
        .isTrue();
    assertThat(store().retrieveCalendar("none")).isNull();
  }

  @Test
  void a_trigger_leaves_out_the_days_that_its_calendar_excludes() throws Exception {
    Calendar calendar = without("2025-06-03", "2025-06-04");
    store().storeCalendar("days", calendar, false, false);
    OperableTrigger trigger = daily(calendar);
    store(job, trigger);

    TriggerFiredBundle first = fireOne();
    assertThat(side.plannedFor(first)).isEqualTo(MONDAY);
    assertThat(first.getCalendar().isTimeIncluded(at("2025-06-03").toEpochMilli())).isFalse();
    assertThat(nextOf(trigger)).isEqualTo(at("2025-06-05"));
    end(first);
    assertThat(side.plannedFor(fireOne())).isEqualTo(at("2025-06-05"));
  }

  @Test
  void cron_and_interval_triggers_have_calendars_as_well() throws Exception {
    Calendar calendar = without("2025-06-03");
    store().storeCalendar("days", calendar, false, false);
    TriggerBuilder<Trigger> cron =
        trigger("cron", job).startAt(Date.from(MONDAY)).modifiedByCalendar("days");
    TriggerBuilder<Trigger> interval =
        trigger("interval", job)
            .startAt(Date.from(MONDAY.plusSeconds(1)))
            .modifiedByCalendar("days");
    store(
        job,
        plan(
            cron.withSchedule(
                CronScheduleBuilder.cronSchedule("0 0 10 * * ?")
                    .inTimeZone(UTC)
                    .withMisfireHandlingInstructionIgnoreMisfires()),
            calendar),
        plan(
            interval.withSchedule(
                CalendarIntervalScheduleBuilder.calendarIntervalSchedule()
                    .withIntervalInDays(1)
                    .inTimeZone(UTC)
                    .withMisfireHandlingInstructionIgnoreMisfires()),
            calendar));

    List<TriggerFiredBundle> fired = fireUntil(4);

    assertThat(fired)
        .extracting(side::plannedFor)
        .containsExactly(
            MONDAY, MONDAY.plusSeconds(1), at("2025-06-04"), at("2025-06-04").plusSeconds(1));
  }

  @Test
  void a_changed_calendar_moves_its_triggers_if_asked() throws Exception {
    store().storeCalendar("days", without(), false, false);
    OperableTrigger trigger = daily(without());
    store(job, trigger);
    end(fireOne());
    assertThat(nextOf(trigger)).isEqualTo(at("2025-06-03"));

    store().storeCalendar("days", without("2025-06-03"), true, false);
    assertThat(nextOf(trigger)).isEqualTo(at("2025-06-03"));

    OperableTrigger future =
        plan(
            trigger("future", job)
                .startAt(Date.from(Instant.parse("2035-06-04T10:00:00Z")))
                .modifiedByCalendar("days")
                .withSchedule(ignoringMisfires().withIntervalInHours(24).repeatForever()),
            without());
    store().storeTrigger(future, false);
    store().storeCalendar("days", without("2035-06-04"), true, true);
    assertThat(nextOf(future)).isEqualTo(Instant.parse("2035-06-05T10:00:00Z"));
  }

  @Test
  void a_calendar_in_use_is_not_removed() throws Exception {
    store().storeCalendar("days", without(), false, false);
    OperableTrigger trigger = daily(without());
    store(job, trigger);

    assertThatThrownBy(() -> store().removeCalendar("days"))
        .isInstanceOf(JobPersistenceException.class);
    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);

    store().removeTrigger(trigger.getKey());
    assertThat(store().removeCalendar("days")).isTrue();
    assertThat(store().removeCalendar("days")).isFalse();
  }
}
