package io.carillon.job;

import java.util.Collection;

/** Computes the next instants of jobs anew after a calendar that they name has changed. */
public interface Replanner {
  /**
   * For each job that is live: the next instant its schedule has after the last one fired or
   * skipped. May be called again for the same jobs; one that is gone, or cannot be read, is passed
   * over. One short transaction.
   *
   * @param jobs at most 200
   * @throws JobExceptions.StoreUnavailable if the database is away
   */
  void replan(Collection<JobId> jobs);
}
