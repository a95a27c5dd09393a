package io.carillon.bench;

import java.util.Arrays;

/**
 * Milliseconds, sorted: what a percentile is read from.
 *
 * @param sorted ascending; never changed
 */
record Spread(long... sorted) {

  static Spread of(long[] values) {
    long[] copy = values.clone();
    Arrays.sort(copy);
    return new Spread(copy);
  }

  /** The smallest value that so many percent of the values do not exceed; 0 when there is none. */
  long percentile(double percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
  }

  long p50() {
    return percentile(50);
  }

  long p99() {
    return percentile(99);
  }

  long min() {
    return sorted.length == 0 ? 0 : sorted[0];
  }

  long max() {
    return percentile(100);
  }
}
