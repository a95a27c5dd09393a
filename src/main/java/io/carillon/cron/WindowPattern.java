package io.carillon.cron;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Set;

/** A grid from one local time of the day to another, on some days of the week. Always a rhythm. */
final class WindowPattern implements LocalPattern {
  private static final long DAY = 86_400;

  private final long from;
  private final long last;
  private final long every;
  private final Set<DayOfWeek> days;

  /**
   * @throws IllegalArgumentException if {@code to} is before {@code from}, there are no days, or
   *     the interval is shorter than a second
   */
  WindowPattern(LocalTime from, LocalTime to, Duration every, Set<DayOfWeek> days) {
    if (to.isBefore(from) || days.isEmpty() || every.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "window from " + from + " to " + to + " every " + every + " on " + days);
    }
    this.from = from.toSecondOfDay();
    this.every = every.toSeconds();
    this.last = this.from + (to.toSecondOfDay() - this.from) / this.every * this.every;
    this.days = Set.copyOf(days);
  }

  @Override
  public long next(long local) {
    long day = Math.floorDiv(local, DAY);
    long time = local - day * DAY;
    if (time < last && days.contains(weekday(day))) {
      return day * DAY + (time < from ? from : from + ((time - from) / every + 1) * every);
    }
    do {
      day++;
    } while (!days.contains(weekday(day)));
    return day * DAY + from;
  }

  /** Day 0, 1970-01-01, was a Thursday. */
  private static DayOfWeek weekday(long day) {
    return DayOfWeek.THURSDAY.plus(Math.floorMod(day, 7L));
  }

  @Override
  public boolean repeats(long start, long length) {
    return true;
  }
}
