package io.carillon.execution;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What became of every planned instant of a job in a range: {@code planned} is always the sum of
 * {@code succeeded}, {@code failed}, {@code cancelled}, all of {@code skipped}, {@code open} and
 * {@code missingCount}. Immutable.
 *
 * @param from first instant of the range; later than asked for where history is not kept so long
 * @param to the range ends before it
 * @param planned instants that the schedules in force planned, and those that history holds as
 *     planned although they did not ({@code unexpected})
 * @param skipped not run, by reason
 * @param open running, waiting, or not due yet
 * @param missing the first of those that are past and of which history knows nothing, in order
 * @param missingCount how many there are of them
 * @param unexpected of those planned, how many history holds that the schedules did not plan: an
 *     exclusion calendar was changed since, or a trigger was made through Quartz's interface
 * @param byHand executions that were never planned: runs by hand, backfills
 */
public record Ledger(
    Instant from,
    Instant to,
    long planned,
    long succeeded,
    long failed,
    long cancelled,
    Map<String, Long> skipped,
    long open,
    List<Instant> missing,
    long missingCount,
    long unexpected,
    long byHand) {

  public Ledger {
    missing = List.copyOf(missing);
    long sum = skipped.values().stream().mapToLong(Long::longValue).sum();
    if (planned != succeeded + failed + cancelled + sum + open + missingCount) {
      throw new IllegalArgumentException("a ledger that does not add up by itself");
    }
  }

  /** Whether nothing is missing. */
  public boolean balanced() {
    return missingCount == 0;
  }
}
