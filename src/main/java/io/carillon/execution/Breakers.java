package io.carillon.execution;

import io.carillon.job.JobExceptions;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/**
 * Breakers of hosts: read and forced. What is forced is on disk when the call returns. Thread-safe.
 * All methods throw {@link JobExceptions.StoreUnavailable} while the database is away.
 */
public interface Breakers {
  /**
   * Those that are not closed, are forced, or whose hosts failed lately, by host.
   *
   * @param after the host that a page begins behind; empty for the first
   */
  Page list(String after, int limit);

  /** The breaker of a host; one of which nothing is known is closed, at version 0. */
  Standing find(String host);

  /**
   * Keeps a breaker open or closed, or lets it go.
   *
   * @param expectedVersion {@code If-Match}; then {@link JobExceptions.StaleVersion} if it is
   *     another
   */
  Standing put(String host, Breaker.Force force, OptionalLong expectedVersion);

  /** Some breakers. @param more whether others follow */
  record Page(List<Standing> breakers, boolean more) {}

  /** How a breaker stands. */
  record Standing(Breaker breaker, Counts counts) {}

  /**
   * What ended within the window, over the whole cluster.
   *
   * @param answers ends that are no failures of the host
   * @param failures ends that are
   * @param failuresInARow failures since the last answer, as far as they are counted
   */
  record Counts(int answers, int failures, int failuresInARow) {
    public static final Counts NONE = new Counts(0, 0, 0);
  }

  /** What of all this is told as figures. Thread-safe; cheap; never throws. */
  interface Meter {
    /** A breaker was opened that was closed. */
    void breakerOpened();

    /** How many breakers stand like this, as this node last saw them. */
    void breakers(Breaker.State state, DoubleSupplier count);

    /** An attempt was not begun, because the host's breaker had opened meanwhile. */
    void attemptHeld();
  }
}
