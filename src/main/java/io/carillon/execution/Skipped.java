package io.carillon.execution;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Neighbouring planned instants that are not run, for one reason, on one UTC day.
 *
 * @param from the first
 * @param to the last
 * @param count how many, at least 1
 */
public record Skipped(Instant from, Instant to, int count, String reason) {
  private static final long DAY = 86_400_000L;

  public Skipped {
    if (count < 1 || to.isBefore(from)) {
      throw new IllegalArgumentException(count + " instants from " + from + " to " + to);
    }
  }

  /** How many instants are skipped, by reason. */
  public static Map<String, Integer> byReason(Collection<List<Skipped>> all) {
    return all.stream()
        .flatMap(List::stream)
        .collect(Collectors.groupingBy(Skipped::reason, Collectors.summingInt(Skipped::count)));
  }

  public static Skipped one(Instant planned, String reason) {
    return new Skipped(planned, planned, 1, reason);
  }

  /** Whether the next planned instant can be told with these. */
  public boolean goesOnWith(Instant planned, String why) {
    return reason.equals(why) && isSameDay(from, planned);
  }

  public Skipped and(Instant planned) {
    return new Skipped(from, planned, count + 1, reason);
  }

  static boolean isSameDay(Instant one, Instant other) {
    return Math.floorDiv(one.toEpochMilli(), DAY) == Math.floorDiv(other.toEpochMilli(), DAY);
  }
}
