package io.carillon.execution;

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
 * Passes everything on to other rows of single executions: who wants something else to happen
 * beside extends this. Thread-safe if the other one is.
 */
public abstract class ForwardingRuns implements RunRows {
  private final RunRows inner;

  protected ForwardingRuns(RunRows inner) {
    this.inner = inner;
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

  @Override
  public void cancel(Connection connection, ExecutionId id, Instant now) throws SQLException {
    inner.cancel(connection, id, now);
  }

  @Override
  public void again(Connection connection, ExecutionId id) throws SQLException {
    inner.again(connection, id);
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
  }
}
