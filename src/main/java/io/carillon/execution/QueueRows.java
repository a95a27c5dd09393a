package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of queues, read and written inside the store's transactions, on the given connection: no
 * method commits, rolls back, closes it, or waits. A queue is changed under the lock row only, so
 * whoever holds that, in whichever mode, sees queues as they will stay until it lets go. One
 * statement each. Thread-safe.
 */
public interface QueueRows {
  /** Of a store whose queues are never paused. */
  QueueRows NONE = new NoQueueRows();

  /** All pauses that last, and those that ended after an instant. Takes no lock. */
  QueuePauses pauses(Connection connection, Instant endedAfter) throws SQLException;

  /** All rows of a namespace by name, at most so many. Takes no lock. */
  List<StoredQueue> all(Connection connection, String namespace, int most) throws SQLException;

  /** Takes no lock. */
  Optional<StoredQueue> find(Connection connection, String namespace, String name)
      throws SQLException;

  /** Inserts a row, or replaces the one that is there. */
  void write(Connection connection, StoredQueue queue) throws SQLException;

  /**
   * Queues for which there is something to do: their pause has ended by itself, or their triggers
   * are still to be let go. At most 100. Takes no lock.
   */
  List<StoredQueue> waiting(Connection connection, Instant now) throws SQLException;

  /** Of the jobs given, those that are paused themselves. Takes no lock. */
  Set<JobId> pausedAmong(Connection connection, Collection<JobId> jobs) throws SQLException;

  /** The rows of what limits executions. */
  LaneRows lanes();
}
