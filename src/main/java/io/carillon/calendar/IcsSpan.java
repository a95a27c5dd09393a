package io.carillon.calendar;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * From when to when occurrences of an event are kept, by any clock on a wall.
 *
 * @param from what ends before it is left out
 * @param to what begins after it is left out
 */
record IcsSpan(LocalDateTime from, LocalDateTime to) {
  private static final int YEARS_AHEAD = 10;

  static IcsSpan around(Instant now) {
    LocalDateTime local = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    return new IcsSpan(local.minusYears(1), local.plusYears(YEARS_AHEAD));
  }
}
