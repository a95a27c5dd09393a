package io.carillon.quartz.store;

import io.carillon.quartz.store.Transactions.UnknownOutcome;
import io.carillon.quartz.store.Transactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that find out themselves whether they were committed, where the answer to the commit
 * is lost: the lock row is taken once more, and whoever gets it after that transaction sees what
 * became of it. Costs nothing as long as nothing is lost. Thread-safe.
 */
final class CertainTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(CertainTransactions.class);

  private final Transactions transactions;

  CertainTransactions(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Tells by what a transaction leaves behind whether it was committed; runs on a later one. */
  @FunctionalInterface
  interface Trace<T> {
    /**
     * @param result of the work that was committed or was not
     */
    boolean isLeft(Connection connection, T result) throws SQLException;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run(Work<T, SQLException> work) throws SQLException;
  }

  /**
   * As {@link Transactions#hot}.
   *
   * @throws UnknownOutcome if the answer to the commit is lost and there is no trace of it, or none
   *     can be looked for
   */
  <T> T hot(Work<T, SQLException> work, Trace<T> trace) throws SQLException {
    return run(sure -> transactions.hot(sure), work, trace);
  }

  /** As {@link Transactions#locked}; throws as {@link #hot}. */
  <T> T locked(Work<T, SQLException> work, Trace<T> trace) throws SQLException {
    return run(sure -> transactions.locked(sure), work, trace);
  }

  private <T> T run(Step<T> step, Work<T, SQLException> work, Trace<T> trace) throws SQLException {
    AtomicReference<T> last = new AtomicReference<>();
    try {
      return step.run(
          connection -> {
            T result = work.with(connection);
            last.set(result);
            return result;
          });
    } catch (UnknownOutcome lost) {
      T result = last.get();
      if (result == null || !isLeft(trace, result, lost)) {
        throw lost;
      }
      LOG.info("the answer to a commit was lost, and it was made");
      return result;
    }
  }

  private <T> boolean isLeft(Trace<T> trace, T result, UnknownOutcome lost) {
    try {
      return transactions.locked(connection -> trace.isLeft(connection, result));
    } catch (SQLException e) {
      lost.addSuppressed(e);
      return false;
    }
  }
}
