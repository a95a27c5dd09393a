package io.carillon.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets, one per name (a caller or an address). A bucket holds one second's worth of tokens
 * at least, starts full and fills evenly. The least recently used of more than 10,000 buckets is
 * forgotten, so the memory is bounded. Thread-safe.
 */
public final class CallRates {
  private static final int MOST_BUCKETS = 10_000;

  private final double perSecond;
  private final double burst;
  private final InstantSource clock;

  // Guarded by itself.
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param permits how many calls a bucket allows in {@code per}, and at once; 0 is without limit
   */
  public CallRates(int permits, Duration per, InstantSource clock) {
    this.perSecond = permits * 1000.0 / per.toMillis();
    this.burst = permits;
    this.clock = clock;
  }

  /** Takes a token. @return zero if there was one, else how long to wait for the next */
  public Duration take(String name) {
    return take(name, 1);
  }

  /** How long to wait for a token, without taking it; zero if there is one. */
  public Duration look(String name) {
    return take(name, 0);
  }

  private Duration take(String name, int tokens) {
    if (burst == 0) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    synchronized (buckets) {
      Bucket bucket = buckets.computeIfAbsent(name, any -> new Bucket(burst, now));
      bucket.fill(now);
      if (bucket.tokens >= 1) {
        bucket.tokens -= tokens;
        forgetOldest();
        return Duration.ZERO;
      }
      return Duration.ofMillis((long) Math.ceil((1 - bucket.tokens) * 1000 / perSecond));
    }
  }

  private void forgetOldest() {
    if (buckets.size() > MOST_BUCKETS) {
      buckets.remove(buckets.keySet().iterator().next());
    }
  }

  private final class Bucket {
    private double tokens;
    private Instant filledAt;

    private Bucket(double tokens, Instant filledAt) {
      this.tokens = tokens;
      this.filledAt = filledAt;
    }

    private void fill(Instant now) {
      long millis = Math.max(0, Duration.between(filledAt, now).toMillis());
      tokens = Math.min(burst, tokens + millis * perSecond / 1000);
      filledAt = now;
    }
  }
}
