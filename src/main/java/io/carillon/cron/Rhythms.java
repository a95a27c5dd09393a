package io.carillon.cron;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * Makes rhythms of schedules that repeat by local time. What a clock change does to them is written
 * down in decision 23. Stateless but for what it remembers of zones.
 */
public final class Rhythms {
  private Rhythms() {}

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it, also a union
   * @throws IllegalArgumentException if it is not
   */
  public static Rhythm cron(String normalized, ZoneId zone, DstPolicy policy) {
    return new ZonedRhythm(CronPattern.parse(normalized), zone, policy);
  }

  /**
   * From one local time to another, both included, on some days of the week.
   *
   * @param every whole seconds, at least 1
   * @throws IllegalArgumentException if {@code to} is before {@code from} or there are no days
   */
  public static Rhythm window(
      LocalTime from,
      LocalTime to,
      Duration every,
      Set<DayOfWeek> days,
      ZoneId zone,
      DstPolicy policy) {
    return new ZonedRhythm(new WindowPattern(from, to, every, days), zone, policy);
  }

  /**
   * Whether Quartz's own trigger for cron texts fires at the same instants: always in a zone
   * without clock changes, elsewhere if no clock change since 1970 or to come touches a time of the
   * text. In doubt the answer is no. Takes some microseconds, the first time for a zone a
   * millisecond.
   *
   * @throws IllegalArgumentException if the text is not normalized
   */
  public static boolean plain(String normalized, ZoneId zone) {
    CronPattern pattern = CronPattern.parse(normalized);
    ChangedTimes changed = ChangedTimes.of(zone);
    return pattern.asInQuartz()
        && changed.knownToQuartz()
        && !pattern.touches(changed.minutesOfDay());
  }
}
