package io.carillon.quartz;

import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.quartz.store.Failures;
import io.carillon.quartz.store.StoreEngine;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The store's transactions, with their failures told in the words of jobs. Thread-safe. */
final class JobTransactions {
  private final StoreEngine store;

  JobTransactions(StoreEngine store) {
    this.store = store;
  }

  /** The database does not take the rows, however often it is asked; nothing was stored. */
  static class Refused extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Refused(SQLException cause) {
      super("the database refuses what was to be stored", cause);
    }
  }

  /** A row was there already under the key of a new one; nothing was stored. */
  static final class IdTaken extends Refused {
    private static final long serialVersionUID = 1L;

    IdTaken(SQLException cause) {
      super(cause);
    }
  }

  /** What the calendars of a job exclude; nothing is read if it names none. */
  Exclusions exclusions(Job job) {
    if (job.schedule().limits().calendars().isEmpty()) {
      return Exclusions.NONE;
    }
    try {
      return store.exclusions(job);
    } catch (SQLException e) {
      throw new StoreUnavailable("the calendars cannot be read now", e);
    }
  }

  /**
   * Runs work in one transaction.
   *
   * @param creates a job of which it is unknown whether it is stored, if the commit ends without an
   *     answer; null if none is created
   * @throws StoreUnavailable if the database is away; {@link StoreBusy} if others wait before it
   * @throws IdTaken if a new row's key is taken
   * @throws Refused if the database refuses the rows
   */
  <T> T run(@Nullable JobId creates, StoreEngine.Work<T> work) {
    try {
      return store.inTransaction(work);
    } catch (SQLException e) {
      if (Failures.isOutcomeUnknown(e)) {
        throw new StoreUnavailable("the database went away during the commit", creates, e);
      }
      if (Failures.isTaken(e)) {
        throw new IdTaken(e);
      }
      if (Failures.isAboutTheRows(e)) {
        throw new Refused(e);
      }
      throw Failures.isBusy(e)
          ? new StoreBusy(e)
          : new StoreUnavailable("the database cannot be written to now", e);
    }
  }
}
