package io.carillon.quartz.store;

import io.carillon.db.Sql;

/**
 * How many due triggers are fired in one transaction. While little is due, batches are small,
 * because each waits for the one before it. A backlog is taken in batches as large as may be, which
 * cost less for each job; but not at once: a JVM that has just started is slow, and what comes due
 * meanwhile would wait for seconds. For one thread.
 */
final class BatchSize {
  private static final int PROMPT = 150;
  private static final int FIRST_OF_BACKLOG = 50;
  private static final int MOST = 1_000;

  private int ofBacklog = FIRST_OF_BACKLOG;

  /**
   * For the batch that is fired now.
   *
   * @param room how many may be fired
   * @param late whether it is a backlog: the next one may be twice as large then
   */
  int next(int room, boolean late) {
    if (!late) {
      return Math.min(room, PROMPT);
    }
    int size = Sql.evenly(Math.min(room, ofBacklog));
    ofBacklog = Math.min(MOST, 2 * ofBacklog);
    return size;
  }
}
