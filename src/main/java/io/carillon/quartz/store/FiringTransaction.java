package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.Transactions.UnknownOutcome;
import io.carillon.quartz.store.Transactions.Work;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hot step that fires, from its begin until what it fired is in flight. Where the answer to its
 * commit is lost, the lock row is taken once more: whoever gets it after that transaction sees what
 * became of it, and what is found to stand is run like any other, at once. For the scheduler thread
 * only.
 */
final class FiringTransaction {
  private static final Logger LOG = LoggerFactory.getLogger(FiringTransaction.class);

  private final Transactions transactions;
  private final FiredRows fired;
  private final InFlight inFlight;

  FiringTransaction(Transactions transactions, FiredRows fired, InFlight inFlight) {
    this.transactions = transactions;
    this.fired = fired;
    this.inFlight = inFlight;
  }

  /**
   * @param shots what the work's result has fired: in flight when this returns
   * @throws UnknownOutcome if the answer to the commit was lost, and what it fired does not stand
   *     or could not be looked at
   */
  <T> T run(Work<T, SQLException> work, Function<T, List<Shot>> shots) throws SQLException {
    AtomicReference<T> last = new AtomicReference<>();
    try {
      T result = committed(work, shots, last);
      shots.apply(result).forEach(shot -> inFlight.add(shot.firing()));
      return result;
    } finally {
      inFlight.expect(List.of());
    }
  }

  private <T> T committed(
      Work<T, SQLException> work, Function<T, List<Shot>> shots, AtomicReference<T> last)
      throws SQLException {
    try {
      return transactions.hot(
          connection -> {
            T result = work.with(connection);
            inFlight.expect(shots.apply(result));
            last.set(result);
            return result;
          });
    } catch (UnknownOutcome lost) {
      T result = last.get();
      if (result == null || !stands(shots.apply(result), lost)) {
        throw lost;
      }
      return result;
    }
  }

  /** All of it or nothing was committed; nothing of it counts if others have taken it over. */
  private boolean stands(List<Shot> shots, UnknownOutcome lost) {
    Set<Row> wanted = new HashSet<>();
    shots.forEach(shot -> wanted.add(Row.of(shot.firing())));
    Set<Row> found = new HashSet<>();
    try {
      List<ExecutionId> ids = shots.stream().map(shot -> shot.firing().id()).toList();
      transactions.locked(c -> fired.lock(c, ids)).forEach(row -> found.add(Row.of(row)));
    } catch (SQLException e) {
      lost.addSuppressed(e);
      return false;
    }
    boolean stands = !wanted.isEmpty() && found.containsAll(wanted);
    if (stands) {
      LOG.info("the answer to a commit was lost: {} executions that it fired begin", shots.size());
    }
    return stands;
  }

  /** By what a FIRED row is known to be that of an attempt. */
  private record Row(String execution, String node, long firedAt) {
    static Row of(Firing firing) {
      return new Row(firing.id().value(), firing.node(), firing.firedAt().toEpochMilli());
    }

    static Row of(FiredRow row) {
      return new Row(row.entry(), row.node(), row.firedAt().toEpochMilli());
    }
  }
}
