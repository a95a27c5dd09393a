package io.carillon.job;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Durations as texts of fields that were checked when they were read. Pure. */
final class Lengths {
  private Lengths() {}

  /** ISO 8601: days, hours, minutes, seconds, or weeks alone; whole milliseconds. */
  static Duration read(String text) {
    boolean weeks = text.endsWith("W") || text.endsWith("w");
    Duration length =
        weeks
            ? Duration.parse(text.substring(0, text.length() - 1) + "D").multipliedBy(7)
            : Duration.parse(text);
    return length.truncatedTo(ChronoUnit.MILLIS);
  }
}
