package io.carillon.spec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ISO 8601 durations of days, hours, minutes, seconds, or of weeks alone. Stateless. */
final class Durations {
  /** Longer than anything that is planned: a hundred years. */
  static final Duration LONGEST = Duration.ofDays(36_525);

  private static final Pattern WEEKS =
      Pattern.compile("[-+]?P[-+]?[0-9]+W", Pattern.CASE_INSENSITIVE);
  private static final Pattern FORM =
      Pattern.compile(
          "[-+]?P(?=[-+0-9T])(?:[-+]?[0-9]+D)?"
              + "(?:T(?=[-+0-9])(?:[-+]?[0-9]+H)?(?:[-+]?[0-9]+M)?(?:[-+]?[0-9]+(?:[.,][0-9]{0,9})?S)?)?",
          Pattern.CASE_INSENSITIVE);

  private Durations() {}

  /** Whether it has the form, whatever its size. */
  static boolean isDuration(String text) {
    return text.length() <= 100 && (FORM.matcher(text).matches() || WEEKS.matcher(text).matches());
  }

  /** Whole milliseconds; null if it is larger than {@link Duration} can be. */
  static @Nullable Duration parse(String text) {
    try {
      if (WEEKS.matcher(text).matches()) {
        Duration days = Duration.parse(text.substring(0, text.length() - 1) + "D");
        return days.multipliedBy(7);
      }
      return Duration.parse(text).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
