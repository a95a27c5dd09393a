package io.carillon.events;

import io.carillon.execution.Completion;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of single executions, with events of what no completion tells: one that a person cancels
 * or asks for again, and those that end with their node. Thread-safe if the rows are.
 */
final class WatchedRuns implements RunRows {
  private final RunRows inner;
  private final EventSink events;

  WatchedRuns(RunRows inner, EventSink events) {
    this.inner = inner;
    this.events = events;
  }

  @Override
  public void cancel(Connection connection, ExecutionId id, Instant now) throws SQLException {
    inner.cancel(connection, id, now);
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
    inner.lost(connection, ids, state, reason, lostBy, now);
    if (events.isWanted()) {
      events.raise(connection, WaitingExecutions.ended(connection, ids, now));
    }
  }

  @Override
  public void again(Connection connection, ExecutionId id) throws SQLException {
    inner.again(connection, id);
    if (events.isWanted()) {
      events.raise(
          connection, inner.find(connection, id).map(WatchedRuns::again).stream().toList());
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

  @Override
  public Optional<Run> find(Connection connection, ExecutionId id) throws SQLException {
    return inner.find(connection, id);
  }

  @Override
  public void await(Connection connection, List<Completion> completions) throws SQLException {
    inner.await(connection, completions);
  }

  @Override
  public List<Run> due(Connection connection, Duration attentive, int most) throws SQLException {
    return inner.due(connection, attentive, most);
  }

  @Override
  public Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    return inner.stillDue(connection, ids);
  }

  @Override
  public void adopt(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    inner.adopt(connection, ids);
  }

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    inner.forget(connection, ids);
  }

  @Override
  public void release(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    inner.release(connection, ids);
  }

  @Override
  public void cancelling(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    inner.cancelling(connection, ids, nodes, now);
  }
}
