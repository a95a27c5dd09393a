package io.carillon.events;

import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.ForwardingRuns;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * The rows of single executions, with events of what no completion tells: one that a person cancels
 * or asks for again, and those that end with their node. Thread-safe if the rows are.
 */
final class WatchedRuns extends ForwardingRuns {
  private final EventSink events;

  WatchedRuns(RunRows inner, EventSink events) {
    super(inner);
    this.events = events;
  }

  @Override
  public void cancel(Connection connection, ExecutionId id, Instant now) throws SQLException {
    super.cancel(connection, id, now);
    if (events.isWanted()) {
      events.raise(connection, WaitingExecutions.ended(connection, Set.of(id), now));
    }
  }

  @Override
  public void lost(
      Connection connection,
      Collection<ExecutionId> ids,
      ExecutionState state,
      String reason,
      String lostBy,
      Instant now)
      throws SQLException {
    super.lost(connection, ids, state, reason, lostBy, now);
    if (events.isWanted()) {
      events.raise(connection, WaitingExecutions.ended(connection, ids, now));
    }
  }

  @Override
  public void again(Connection connection, ExecutionId id) throws SQLException {
    super.again(connection, id);
    if (events.isWanted()) {
      events.raise(connection, find(connection, id).map(WatchedRuns::again).stream().toList());
    }
  }

  private static Event again(Run run) {
    return EventShapes.execution(
        EventKind.WAITING,
        run.jobId(),
        null,
        run.id(),
        run.state(),
        Reasons.RETRY_REQUESTED,
        run.attempt());
  }
}
