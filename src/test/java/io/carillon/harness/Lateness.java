package io.carillon.harness;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How late a number of calls were: the middle, the 99th of a hundred, and the worst. */
public record Lateness(int count, Duration p50, Duration p99, Duration max) {

  public static Lateness of(Collection<Duration> values) {
    List<Duration> sorted = values.stream().sorted().toList();
    return new Lateness(sorted.size(), rank(sorted, 0.50), rank(sorted, 0.99), rank(sorted, 1.00));
  }

  /** Nearest rank: the smallest value that the given share of all values does not exceed. */
  private static Duration rank(List<Duration> sorted, double share) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  @Override
  public String toString() {
    return "%d calls, p50 %d ms, p99 %d ms, max %d ms"
        .formatted(count, p50.toMillis(), p99.toMillis(), max.toMillis());
  }
}
