package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nothing is limited, so nothing is held. Sends nothing. */
final class NoLaneRows implements LaneRows {
  @Override
  public Map<Lane, QueueSettings> limited(Connection connection) {
    return Map.of();
  }

  @Override
  public Set<Lane> hold(
      Connection connection, Collection<Held> runs, Collection<Lane> passes, Instant now) {
    throw new UnsupportedOperationException("this store keeps no limits");
  }

  @Override
  public List<Locked> lockReady(Connection connection, int most) {
    return List.of();
  }

  @Override
  public List<Locked> lockIfThere(Connection connection, Collection<Lane> lanes) {
    return List.of();
  }

  @Override
  public List<Locked> lock(Connection connection, Collection<Lane> lanes) {
    return List.of();
  }

  @Override
  public Map<Lane, Taken> taken(Connection connection, Collection<Lane> lanes) {
    return Map.of();
  }

  @Override
  public List<Held> first(Connection connection, Map<Lane, Integer> lanes) {
    return List.of();
  }

  @Override
  public Map<Lane, Integer> waiting(Connection connection, Map<Lane, Integer> lanes) {
    return Map.of();
  }

  @Override
  public void remove(Connection connection, Collection<ExecutionId> ids) {}

  @Override
  public void permit(Connection connection, Collection<Permit> permits) {}

  @Override
  public void write(Connection connection, Collection<Locked> lanes, Instant now) {}

  @Override
  public boolean release(
      Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going) {
    return false;
  }

  @Override
  public Set<Lane> leave(
      Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going) {
    return Set.of();
  }

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) {}

  @Override
  public void unhold(Connection connection, JobId job) {}

  @Override
  public void wake(Connection connection, StoredQueue queue) {}

  @Override
  public Map<JobId, String> hosts(Connection connection, Collection<JobId> jobs) {
    return Map.of();
  }

  @Override
  public void wakeAll(Connection connection, Instant now) {}

  @Override
  public List<Lane> unused(Connection connection, Instant since, int most) {
    return List.of();
  }

  @Override
  public void sweep(Connection connection, Collection<Lane> lanes, Instant since) {}
}
