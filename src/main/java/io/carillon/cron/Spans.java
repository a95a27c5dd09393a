package io.carillon.cron;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the duration of {@code @every}: {@code 1h30m} as in Go's cron, or ISO 8601. */
final class Spans {
  private static final Pattern SHORT =
      Pattern.compile("(?:([0-9]{1,9})D)?(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?");

  private Spans() {}

  /** Null if it is neither. */
  static @Nullable Duration parse(String upperCase) {
    if (upperCase.isEmpty()) {
      return null;
    }
    if (upperCase.startsWith("P")) {
      try {
        return Duration.parse(upperCase);
      } catch (DateTimeParseException | ArithmeticException e) {
        return null;
      }
    }
    Matcher span = SHORT.matcher(upperCase);
    if (!span.matches()) {
      return null;
    }
    return Duration.ofDays(part(span, 1))
        .plusHours(part(span, 2))
        .plusMinutes(part(span, 3))
        .plusSeconds(part(span, 4));
  }

  private static long part(Matcher span, int group) {
    String digits = span.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
