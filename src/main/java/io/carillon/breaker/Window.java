package io.carillon.breaker;

import io.carillon.breaker.Counted.Ends;
import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breakers.Counts;
import java.time.Instant;
import java.util.Collection;

/**
 * Adds up what all processes counted of a host, and says whether its breaker is to open. Pure.
 *
 * <p>Two things open it. The share of failures among all ends within the window; and so many
 * failures in a row, over the whole cluster, that there is no doubt: a busy host that fails from
 * one moment to the next has thousands of answers in its window, and would be called in vain for as
 * long as it takes to outnumber them.
 */
final class Window {
  private final BreakerConfig config;

  Window(BreakerConfig config) {
    this.config = config;
  }

  /**
   * What ended within the window.
   *
   * @param countedFrom what ended before does not count
   */
  Counts counts(Collection<Counted> all, Instant countedFrom, Instant now) {
    Instant from = now.minus(config.window());
    if (countedFrom.isAfter(from)) {
      from = countedFrom;
    }
    // Whole seconds: those that lie within.
    long first = Math.floorDiv(from.toEpochMilli() + 999, 1_000L);
    Ends ends = new Ends(0, 0);
    int inARow = 0;
    for (Counted one : all) {
      for (Ends second : one.seconds().tailMap(first).values()) {
        ends = ends.and(second);
      }
      for (Instant failure : one.failures()) {
        if (!failure.isBefore(from) && isAfterAnswersOfOthers(failure, one, all)) {
          inARow++;
        }
      }
    }
    return new Counts(ends.answers(), ends.failures(), inARow);
  }

  /** After those of its own process it is in any case. */
  private static boolean isAfterAnswersOfOthers(
      Instant failure, Counted own, Collection<Counted> all) {
    for (Counted other : all) {
      Instant answer = other.lastAnswer();
      if (other != own && answer != null && !failure.isAfter(answer)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a breaker with these counts opens. */
  boolean opens(Counts counts) {
    int all = counts.answers() + counts.failures();
    boolean share = all >= config.minimumCalls() && counts.failures() >= config.failureRate() * all;
    return share || counts.failuresInARow() >= config.minimumCalls();
  }
}
