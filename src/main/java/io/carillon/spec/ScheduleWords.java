package io.carillon.spec;

import io.carillon.cron.CronWords;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says a schedule in plain English. Stateless. */
public final class ScheduleWords {
  private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);
  private static final Set<DayOfWeek> WORKDAYS = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);

  private ScheduleWords() {}

  /** One sentence without its full stop, in lower case; zones are left to whoever shows it. */
  public static String describe(Schedule schedule) {
    return rhythm(schedule) + limits(schedule.limits());
  }

  private static String rhythm(Schedule schedule) {
    if (schedule instanceof Schedule.Delay delay) {
      return "once, " + length(delay.delay()) + " after it is accepted";
    }
    if (schedule instanceof Schedule.At at) {
      return "once, at " + at.at() + relative(at);
    }
    if (schedule instanceof Schedule.FixedRate rate) {
      return "every " + interval(rate.every());
    }
    if (schedule instanceof Schedule.FixedDelay delay) {
      return length(delay.every()) + " after the end of each run";
    }
    if (schedule instanceof Schedule.Cron cron) {
      return CronWords.describe(cron.normalized());
    }
    if (schedule instanceof Schedule.DailyWindow window) {
      return "every "
          + interval(window.every())
          + " from "
          + window.from()
          + " to "
          + window.to()
          + days(window.days());
    }
    return "once, as soon as possible";
  }

  private static String relative(Schedule.At at) {
    Duration offset = at.offset();
    if (at.anchor() == null || offset == null || offset.isZero()) {
      return "";
    }
    return ", "
        + length(offset.abs())
        + (offset.isNegative() ? " before " : " after ")
        + at.anchor();
  }

  private static String days(Set<DayOfWeek> days) {
    if (days.equals(ALL)) {
      return " every day";
    }
    if (days.equals(WORKDAYS)) {
      return " on Monday to Friday";
    }
    List<String> names = new ArrayList<>();
    days.stream().sorted().forEach(day -> names.add(name(day)));
    return " on " + String.join(", ", names);
  }

  private static String name(DayOfWeek day) {
    return day.name().charAt(0) + day.name().substring(1).toLowerCase(Locale.ROOT);
  }

  private static String limits(Limits limits) {
    StringBuilder text = new StringBuilder();
    if (limits.startAt() != null) {
      text.append(", from ").append(limits.startAt());
    }
    if (limits.endAt() != null) {
      text.append(", until ").append(limits.endAt());
    }
    if (limits.maxRuns() != null) {
      text.append(", ").append(limits.maxRuns()).append(limits.maxRuns() == 1 ? " run" : " runs");
    }
    if (!limits.jitter().isZero()) {
      text.append(", up to ").append(length(limits.jitter())).append(" later each time");
    }
    if (!limits.calendars().isEmpty()) {
      text.append(", not at times of ").append(String.join(", ", limits.calendars()));
    }
    return text.toString();
  }

  /** Such as {@code minute} or {@code 15 minutes}, to follow {@code every}. */
  private static String interval(Duration every) {
    String text = length(every);
    return text.startsWith("1 ") && text.indexOf(' ', 2) < 0 ? text.substring(2) : text;
  }

  private static String length(Duration length) {
    List<String> parts = new ArrayList<>();
    part(length.toDays(), "day", parts);
    part(length.toHoursPart(), "hour", parts);
    part(length.toMinutesPart(), "minute", parts);
    if (length.toMillisPart() > 0) {
      parts.add(
          length.toSecondsPart() + "." + "%03d".formatted(length.toMillisPart()) + " seconds");
    } else {
      part(length.toSecondsPart(), "second", parts);
    }
    return parts.isEmpty() ? "0 seconds" : String.join(" ", parts);
  }

  private static void part(long count, String unit, List<String> parts) {
    if (count > 0) {
      parts.add(count + " " + unit + (count == 1 ? "" : "s"));
    }
  }
}
