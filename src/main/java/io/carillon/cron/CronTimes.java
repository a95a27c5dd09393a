package io.carillon.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What a normalized cron text means, also a union, without policies. Immutable, thread-safe; some
 * microseconds a call, bounded by a hundred years of search.
 */
public final class CronTimes {
  private final CronPattern pattern;

  private CronTimes(CronPattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it
   * @throws IllegalArgumentException if it is not
   */
  public static CronTimes parse(String normalized) {
    return new CronTimes(CronPattern.parse(normalized));
  }

  /**
   * The first instant strictly after {@code after} that runs, whole seconds; empty if there is
   * none.
   */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    Rhythm rhythm = new ZonedRhythm(pattern, zone, DstPolicy.BY_RHYTHM);
    return rhythm.next(after).map(Tick::at);
  }

  /** Whether it runs at some time of a day. */
  public boolean meets(LocalDate day) {
    long midnight = day.toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC);
    return pattern.next(midnight - 1) < midnight + 86_400;
  }
}
