package io.carillon.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a definition says of how many of its runs there may be at once, and how often they may
 * start.
 *
 * @param perJob most executions of the job at once; null is without limit
 * @param perHost the job starts only while fewer executions than this run towards its host, of all
 *     jobs of its namespace that have such a limit; null is without limit
 * @param fifoKey of all executions with this key one runs at a time, in the order in which they
 *     were due, retries included
 * @param throttle how often executions with a key may start
 */
public record JobLimits(
    @Nullable Integer perJob,
    @Nullable Integer perHost,
    @Nullable String fifoKey,
    @Nullable Throttle throttle) {

  /** One start in each span of time. */
  public record Throttle(String key, Duration per) {}

  /** The limits of a definition; empty if it has none. */
  public static Optional<JobLimits> of(Job job) {
    Map<String, Object> options = job.options();
    if (options.isEmpty()) {
      return Optional.empty();
    }
    Integer perJob = null;
    Integer perHost = null;
    if (options.get("concurrency") instanceof Map<?, ?> concurrency) {
      perJob = count(concurrency.get("perJob"));
      perHost = count(concurrency.get("perHost"));
    }
    String fifoKey = options.get("fifoKey") instanceof String key ? key : null;
    Throttle throttle =
        options.get("throttle") instanceof Map<?, ?> map
            ? throttle(map.get("key"), map.get("per"))
            : null;
    boolean none = perJob == null && perHost == null && fifoKey == null && throttle == null;
    return none ? Optional.empty() : Optional.of(new JobLimits(perJob, perHost, fifoKey, throttle));
  }

  private static @Nullable Integer count(@Nullable Object value) {
    return value instanceof Number number && number.longValue() >= 1
        ? (Integer) (int) Math.min(QueueSettings.MOST, number.longValue())
        : null;
  }

  /** Its length was checked when the definition was accepted; another one limits nothing. */
  private static @Nullable Throttle throttle(@Nullable Object key, @Nullable Object per) {
    if (!(key instanceof String name) || !(per instanceof String length)) {
      return null;
    }
    try {
      Duration duration = Duration.parse(length);
      return duration.toMillis() < 1 ? null : new Throttle(name, duration);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
