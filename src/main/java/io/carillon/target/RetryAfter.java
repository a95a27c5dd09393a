package io.carillon.target;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, 10.2.3): seconds or a date, bounded to 24 hours. Pure. */
final class RetryAfter {
  static final Duration LONGEST = Duration.ofHours(24);
  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  private RetryAfter() {}

  /**
   * @param now used for dates if the answer does not say its own
   * @return null if it is absent or cannot be read; zero for a date that has passed
   */
  static @Nullable Duration read(Headers headers, Instant now) {
    String value = headers.get("Retry-After");
    if (value == null) {
      return null;
    }
    String text = value.trim();
    if (SECONDS.matcher(text).matches()) {
      return text.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text)));
    }
    Instant at = headers.getInstant("Retry-After");
    if (at == null) {
      return null;
    }
    Instant date = headers.getInstant("Date");
    return bounded(Duration.between(date == null ? now : date, at));
  }

  private static Duration bounded(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
