package io.carillon.job;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when a failed attempt is followed by another. A pure value.
 *
 * @param maxAttempts attempts in all, from 1 to 100; node deaths and drains are not counted
 * @param backoff how the wait grows
 * @param initial wait before the second attempt
 * @param factor growth per attempt of {@link Backoff#EXPONENTIAL}, 1–100
 * @param max longest wait, before the jitter
 * @param jitter 0–1: a wait is drawn evenly from {@code wait * (1 - jitter)} to {@code wait * (1 +
 *     jitter)}
 * @param delays the waits of {@link Backoff#LIST}; the last one repeats
 * @param retryOn what is retried: {@code "429"}, {@code "5xx"}, {@code "NETWORK"}, {@code
 *     "TIMEOUT"}, {@code "BODY_MISMATCH"}
 * @param stopOn what is never retried, in the same words; stronger than {@code retryOn}
 * @param maxAge no retry is planned for later than this after the scheduled instant
 */
public record RetryPolicy(
    int maxAttempts,
    Backoff backoff,
    Duration initial,
    double factor,
    Duration max,
    double jitter,
    List<Duration> delays,
    List<String> retryOn,
    List<String> stopOn,
    @Nullable Duration maxAge) {

  /** How the wait between attempts grows. */
  public enum Backoff {
    NONE,
    FIXED,
    LINEAR,
    EXPONENTIAL,
    LIST
  }

  public static final int MOST_ATTEMPTS = 100;

  public static final List<String> DEFAULT_RETRY_ON =
      List.of("408", "425", "429", "5xx", "NETWORK", "TIMEOUT");

  /** Gone is gone (RFC 9110, 15.5.11), unless {@code retryOn} names it exactly. */
  public static final List<String> DEFAULT_STOP_ON = List.of("410");

  /** Five attempts, exponential from two seconds: the default of canonical jobs. */
  public static final RetryPolicy DEFAULT = exponential(5, Duration.ofSeconds(2));

  public RetryPolicy {
    delays = List.copyOf(delays);
    retryOn = List.copyOf(retryOn);
    stopOn = List.copyOf(stopOn);
    if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException("maxAttempts " + maxAttempts);
    }
    if (initial.isNegative() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("initial " + initial + ", max " + max);
    }
    if (!(factor >= 1 && factor <= 100) || !(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("factor " + factor + ", jitter " + jitter);
    }
    if (backoff == Backoff.LIST && delays.isEmpty()) {
      throw new IllegalArgumentException("a list backoff needs delays");
    }
  }

  /** One attempt, never another. */
  public static RetryPolicy none() {
    return of(1, Backoff.NONE, Duration.ZERO);
  }

  public static RetryPolicy fixed(int maxAttempts, Duration wait) {
    return of(maxAttempts, Backoff.FIXED, wait);
  }

  public static RetryPolicy exponential(int maxAttempts, Duration initial) {
    return of(maxAttempts, Backoff.EXPONENTIAL, initial);
  }

  private static RetryPolicy of(int maxAttempts, Backoff backoff, Duration initial) {
    double jitter = backoff == Backoff.EXPONENTIAL ? 0.2 : 0;
    Duration max = Duration.ofMinutes(10);
    return new RetryPolicy(
        maxAttempts,
        backoff,
        initial,
        2,
        max.compareTo(initial) < 0 ? initial : max,
        jitter,
        List.of(),
        DEFAULT_RETRY_ON,
        DEFAULT_STOP_ON,
        null);
  }

  /** What stops by default beside a list of what is retried. */
  public static List<String> stopOnBeside(List<String> retryOn) {
    return DEFAULT_STOP_ON.stream().filter(word -> !retryOn.contains(word)).toList();
  }

  /**
   * The wait after the given number of counted failures.
   *
   * @param failures counted failed attempts so far, from 1
   * @param random evenly drawn from [0, 1), for the jitter
   */
  public Duration waitAfter(int failures, double random) {
    double base =
        switch (backoff) {
          case NONE -> 0;
          case FIXED -> initial.toMillis();
          case LINEAR -> (double) initial.toMillis() * failures;
          case EXPONENTIAL -> initial.toMillis() * Math.pow(factor, failures - 1);
          case LIST -> delays.get(Math.min(failures, delays.size()) - 1).toMillis();
        };
    double capped = backoff == Backoff.LIST ? base : Math.min(base, max.toMillis());
    return Duration.ofMillis(Math.round(capped * (1 + jitter * (2 * random - 1))));
  }
}
