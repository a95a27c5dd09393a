package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.Transactions.UnknownOutcome;
import io.carillon.quartz.store.Transactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A hot step that fires, from its begin until what it fired is in flight: also where the answer to
 * its commit is lost, unless others have taken that over meanwhile. For the scheduler thread only.
 */
final class FiringTransaction {
  private final CertainTransactions transactions;
  private final FiredRows fired;
  private final InFlight inFlight;

  FiringTransaction(CertainTransactions transactions, FiredRows fired, InFlight inFlight) {
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
    try {
      T result =
          transactions.hot(
              connection -> {
                T done = work.with(connection);
                inFlight.expect(shots.apply(done));
                return done;
              },
              (connection, done) -> stands(connection, shots.apply(done)));
      shots.apply(result).forEach(shot -> inFlight.add(shot.firing()));
      return result;
    } finally {
      inFlight.expect(List.of());
    }
  }

  private boolean stands(Connection connection, List<Shot> shots) throws SQLException {
    List<ExecutionId> ids = shots.stream().map(shot -> shot.firing().id()).toList();
    Map<String, FiredRow> rows = new HashMap<>();
    fired.lock(connection, ids).forEach(row -> rows.put(row.entry(), row));
    return !shots.isEmpty()
        && shots.stream()
            .allMatch(
                shot -> {
                  FiredRow row = rows.get(shot.firing().id().value());
                  return row != null && Complete.isOwn(shot.firing(), row);
                });
  }
}
