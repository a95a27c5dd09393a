package io.carillon.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much of a queue may run. Null is without limit.
 *
 * @param concurrency most executions at once, over the whole cluster; at least 1
 * @param rate most executions in a span of time
 * @param perHostConcurrency most executions at once towards one host; at least 1
 */
public record QueueSettings(
    @Nullable Integer concurrency, @Nullable Rate rate, @Nullable Integer perHostConcurrency) {
  public static final QueueSettings NONE = new QueueSettings(null, null, null);

  /** The largest count that can be set. */
  public static final int MOST = 1_000_000;

  /** The longest span of a rate. */
  public static final Duration LONGEST = Duration.ofDays(1);

  public QueueSettings {
    requireCount(concurrency);
    requireCount(perHostConcurrency);
  }

  /**
   * So many permits in each span of time.
   *
   * @param per PT0.001S to P1D, whole milliseconds
   * @param burst most that may be used at once after a rest; at least 1
   */
  public record Rate(int permits, Duration per, int burst) {
    public Rate {
      requireCount(permits);
      requireCount(burst);
      if (per.toMillis() < 1 || per.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("a rate per " + per);
      }
    }

    /** With the burst of a rate that names none: what it permits in a second, at least 1. */
    public static Rate of(int permits, Duration per) {
      long perSecond = permits * 1000L / Math.max(1, per.toMillis());
      return new Rate(permits, per, (int) Math.max(1, Math.min(MOST, perSecond)));
    }
  }

  private static void requireCount(@Nullable Integer count) {
    if (count != null && (count < 1 || count > MOST)) {
      throw new IllegalArgumentException("a limit of " + count);
    }
  }
}
