package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Instant;

/** Tells what became of the planned instants of jobs. Thread-safe. */
public interface Ledgers {
  /** More planned instants than this are not gone through at once. */
  int MOST_INSTANTS = 100_000;

  /**
   * The account of a range, as it stands at one moment: reads everything in one snapshot of the
   * database.
   *
   * @param from first instant; where history is not kept so long, the account begins later
   * @param to the range ends before it; may lie ahead
   * @throws io.carillon.job.JobExceptions.UnknownJob if there is no such job
   * @throws TooManyInstants if more than {@link #MOST_INSTANTS} were planned in it
   * @throws io.carillon.job.JobExceptions.StoreUnavailable while the database is away
   */
  Ledger of(JobId id, Instant from, Instant to);

  /** The range is too long for this schedule. */
  final class TooManyInstants extends RuntimeException {
    public TooManyInstants() {
      super("more than " + MOST_INSTANTS + " planned instants", null, false, false);
    }
  }
}
