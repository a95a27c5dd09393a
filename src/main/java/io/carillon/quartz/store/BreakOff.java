package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.StoreParticipant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A duty: looks for the calls that this node is to break off, as another run has taken their place.
 * Costs nothing while nothing runs here. Thread-safe.
 */
record BreakOff(
    Transactions transactions, CheckIn checkIn, InFlight inFlight, StoreParticipant participant) {
  static final Duration INTERVAL = Duration.ofMillis(250);

  /** Each is told once. */
  void runOnce(Consumer<ExecutionId> told) throws SQLException {
    if (inFlight.size() > 0) {
      String node = checkIn.instanceName();
      transactions
          .<List<ExecutionId>, SQLException>read(c -> participant.toBreakOff(c, node))
          .forEach(told);
    }
  }
}
