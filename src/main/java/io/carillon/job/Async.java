package io.carillon.job;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code target.async}: a target that answers 202 tells the outcome later.
 *
 * @param timeout from the answer to the outcome, at most
 * @param heartbeat from one sign of life to the next, at most; null if none is asked for
 */
public record Async(Duration timeout, @Nullable Duration heartbeat) {
  /** Both are looked at twice a second. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final String FIELD = "async";

  /** Of a job whose target may tell its outcome later. */
  public static Optional<Async> of(Job job) {
    if (!(job.options().get(FIELD) instanceof Map<?, ?> async)
        || !(async.get("timeout") instanceof String timeout)) {
      return Optional.empty();
    }
    Object heartbeat = async.get("heartbeat");
    return Optional.of(
        new Async(length(timeout), heartbeat instanceof String text ? length(text) : null));
  }

  /** As it was checked when it was stored: ISO 8601, weeks included. */
  private static Duration length(String text) {
    return text.toUpperCase(Locale.ROOT).endsWith("W")
        ? Duration.parse(text.substring(0, text.length() - 1) + "D").multipliedBy(7)
        : Duration.parse(text);
  }
}
