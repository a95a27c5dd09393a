package io.carillon.calendar;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a calendar excludes. Dates and local times are meant in the zone of the schedule that names
 * it. Immutable.
 *
 * @param description at most 250 characters
 * @param dates whole days
 * @param yearly whole days of every year; 02-29 of leap years only
 * @param cron normalized texts; see {@link CronWindow} for what they exclude
 */
public record CalendarDefinition(
    @Nullable String description,
    SortedSet<LocalDate> dates,
    List<Range> ranges,
    Set<DayOfWeek> weekdays,
    SortedSet<MonthDay> yearly,
    List<String> cron) {
  static final int MOST_DATES = 10_000;
  static final int MOST_CRON = 100;

  /** A span of time. */
  public sealed interface Range {}

  /** Whole days, both ends included. */
  public record Days(LocalDate from, LocalDate to) implements Range {
    public Days {
      check(!to.isBefore(from));
    }
  }

  /** Local times, {@code to} not included. */
  public record Times(LocalDateTime from, LocalDateTime to) implements Range {
    public Times {
      check(to.isAfter(from));
    }
  }

  /** Instants, {@code to} not included. */
  public record Instants(Instant from, Instant to) implements Range {
    public Instants {
      check(to.isAfter(from));
    }
  }

  public CalendarDefinition {
    dates = Collections.unmodifiableSortedSet(new TreeSet<>(dates));
    ranges = List.copyOf(ranges);
    weekdays =
        Collections.unmodifiableSet(
            weekdays.isEmpty() ? EnumSet.noneOf(DayOfWeek.class) : EnumSet.copyOf(weekdays));
    yearly = Collections.unmodifiableSortedSet(new TreeSet<>(yearly));
    cron = List.copyOf(cron);
  }

  private static void check(boolean right) {
    if (!right) {
      throw new IllegalArgumentException("a range that ends before it begins");
    }
  }
}
