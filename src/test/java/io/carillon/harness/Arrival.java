package io.carillon.harness;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call that reached the target, as the target saw it.
 *
 * @param executionId from {@code Idempotency-Key}, else {@code webhook-id}; null when neither came
 * @param attempt from {@code X-Attempt}, counted from 1; 0 when it was missing or no number
 * @param jobId from {@code X-Carillon-Job}
 * @param scheduledAt from {@code X-Scheduled-Time}; null when it was missing or unreadable
 * @param recovered from {@code X-Recovered}
 * @param at when the request had been read completely, by this machine's clock
 * @param headers names in lower case; of a repeated name the last value
 * @param body at most 64 KiB of it, as UTF-8
 */
public record Arrival(
    @Nullable String executionId,
    int attempt,
    @Nullable String jobId,
    @Nullable Instant scheduledAt,
    boolean recovered,
    Instant at,
    String method,
    String path,
    Map<String, String> headers,
    String body) {

  public Arrival {
    headers = Map.copyOf(headers);
  }

  /** How long after its scheduled instant the call arrived; zero when that instant is unknown. */
  public Duration lateness() {
    return scheduledAt == null ? Duration.ZERO : Duration.between(scheduledAt, at);
  }

  static Arrival of(WireRequest request, Instant at) {
    Map<String, String> headers = request.headers();
    String execution = headers.get("idempotency-key");
    return new Arrival(
        execution == null ? headers.get("webhook-id") : execution,
        number(headers.get("x-attempt")),
        headers.get("x-carillon-job"),
        instant(headers.get("x-scheduled-time")),
        "true".equals(headers.get("x-recovered")),
        at,
        request.method(),
        request.path(),
        headers,
        request.bodyText());
  }

  private static int number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException unreadable) {
      return null;
    }
  }
}
