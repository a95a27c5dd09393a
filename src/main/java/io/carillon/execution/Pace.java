package io.carillon.execution;

import io.carillon.job.QueueSettings.Rate;
import java.time.Duration;

/**
 * How often something may start: the generic cell rate algorithm (ITU-T I.371), a token bucket that
 * needs one number, the theoretical arrival time of the next start. Times are microseconds. Pure.
 *
 * @param interval from one start to the next, at least 1
 * @param tolerance how much earlier than its theoretical time a start may be: bursts
 */
public record Pace(long interval, long tolerance) {

  /** So many in each span, and after a rest so many at once. */
  public static Pace of(long permits, Duration per, int burst) {
    long micros = Math.max(1, Math.multiplyExact(per.toMillis(), 1_000L));
    long interval = Math.max(1, micros / permits);
    return new Pace(interval, (burst - 1) * interval);
  }

  public static Pace of(Rate rate) {
    return of(rate.permits(), rate.per(), rate.burst());
  }

  /** When the next may start. */
  public long earliest(long arrival, long now) {
    return Math.max(now, arrival - tolerance);
  }

  /** The theoretical arrival time after a start. */
  public long after(long arrival, long start) {
    return Math.max(arrival, start) + interval;
  }

  /** How many may start until a time. */
  public int until(long arrival, long now, long end, int most) {
    long next = arrival;
    int count = 0;
    while (count < most) {
      long start = earliest(next, now);
      if (start > end) {
        break;
      }
      next = after(next, start);
      count++;
    }
    return count;
  }
}
