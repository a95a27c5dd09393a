package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** No queue has a row. Sends nothing. */
final class NoQueueRows implements QueueRows {
  @Override
  public QueuePauses pauses(Connection connection, Instant endedAfter) {
    return QueuePauses.NONE;
  }

  @Override
  public List<StoredQueue> all(Connection connection, String namespace, int most) {
    return List.of();
  }

  @Override
  public Optional<StoredQueue> find(Connection connection, String namespace, String name) {
    return Optional.empty();
  }

  @Override
  public void write(Connection connection, StoredQueue queue) {
    throw new UnsupportedOperationException("this store keeps no queues");
  }

  @Override
  public List<StoredQueue> waiting(Connection connection, Instant now) {
    return List.of();
  }

  @Override
  public Set<JobId> pausedAmong(Connection connection, Collection<JobId> jobs) {
    return Set.of();
  }

  @Override
  public LaneRows lanes() {
    return LaneRows.NONE;
  }
}
