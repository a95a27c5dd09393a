package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "0, PT0S",
        "120, PT2M",
        "86401, PT24H",
        "99999999999999999999, PT24H",
        "`Sun, 22 Nov 2026 01:00:30 GMT`, PT30S",
        "`Sunday, 22-Nov-26 01:00:30 GMT`, PT30S",
        "Sun Nov 22 01:00:30 2026, PT30S",
        "`Sun, 22 Nov 2026 00:00:00 GMT`, PT0S",
        "`Sun, 22 Nov 2037 00:00:00 GMT`, PT24H",
        "-1, -",
        "1.5, -",
        "soon, -",
      })
  void seconds_and_dates_are_read(String value, Duration wait) {
    assertThat(RetryAfter.read(Headers.of("Retry-After", value), NOW)).isEqualTo(wait);
  }

  @Test
  void a_date_is_relative_to_the_targets_own_clock() {
    Headers headers =
        Headers.of(
            "Date",
            "Sun, 22 Nov 2026 05:00:00 GMT",
            "Retry-After",
            "Sun, 22 Nov 2026 05:00:07 GMT");
    assertThat(RetryAfter.read(headers, NOW)).isEqualTo(Duration.ofSeconds(7));
    assertThat(RetryAfter.read(Headers.of(), NOW)).isNull();
  }
}
