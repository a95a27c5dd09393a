package io.carillon.execution;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** There are none. */
final class NoRunRows implements RunRows {
  @Override
  public Optional<Run> find(Connection connection, ExecutionId id) {
    return Optional.empty();
  }

  @Override
  public void await(Connection connection, List<Completion> completions) {}

  @Override
  public List<Run> due(Connection connection, Duration attentive, int most) {
    return List.of();
  }

  @Override
  public Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids) {
    return Set.of();
  }

  @Override
  public void adopt(Connection connection, Collection<ExecutionId> ids) {}

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) {}

  @Override
  public void release(Connection connection, Collection<ExecutionId> ids) {}

  @Override
  public void cancelling(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now) {}

  @Override
  public void cancel(Connection connection, ExecutionId id, Instant now) {}

  @Override
  public void again(Connection connection, ExecutionId id) {}

  @Override
  public void lost(
      Connection connection,
      Collection<ExecutionId> ids,
      ExecutionState state,
      String reason,
      String lostBy,
      Instant now) {}
}
