package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of lanes, of what is held in them, and of permits to run in them: read and written
 * inside the store's transactions, on the given connection; no method commits, rolls back, closes
 * it, or waits for anything but a row. The number of statements does not grow with what is given.
 * Thread-safe.
 */
public interface LaneRows {
  /** Of a store without limits. */
  LaneRows NONE = new NoLaneRows();

  /** Which hosts may be called. */
  default HostGates gates() {
    return HostGates.NONE;
  }

  /** The settings of all queues that are limited, by their lanes. Takes no lock. */
  Map<Lane, QueueSettings> limited(Connection connection) throws SQLException;

  /**
   * Puts executions into their lanes. Lanes that are not there are made: those, and the others that
   * will be passed. At the row of a lane whose order is strict it is said that there is something
   * to look at, and whoever lets something of it go is waited for; nobody waits for the rows of
   * others, which everybody who runs something in the lane would have to pass. To be done last in a
   * transaction.
   *
   * @return lanes at which nothing was said: they are to be looked at ({@link #lock}) once this
   *     transaction is committed
   */
  Set<Lane> hold(Connection connection, Collection<Held> runs, Collection<Lane> passes, Instant now)
      throws SQLException;

  /**
   * A lane whose row is locked.
   *
   * @param arrival theoretical arrival time of the next start, microseconds
   * @param turn whose turn it is among the classes of priority
   * @param now the database's clock, microseconds
   */
  record Locked(Lane lane, long arrival, int turn, @Nullable Long readyAt, long now) {}

  /** Locks lanes at which there may be something to let go, as far as nobody else has them. */
  List<Locked> lockReady(Connection connection, int most) throws SQLException;

  /** Locks lanes, as far as nobody else has them. Waits for nobody. */
  List<Locked> lockIfThere(Connection connection, Collection<Lane> lanes) throws SQLException;

  /** The same; those that are missing are made. */
  List<Locked> lock(Connection connection, Collection<Lane> lanes) throws SQLException;

  /**
   * How a lane is taken.
   *
   * @param first one of those that have a permit
   */
  record Taken(int count, ExecutionId first) {}

  /** How many have permits in lanes. Lanes without any are absent. Takes no lock. */
  Map<Lane, Taken> taken(Connection connection, Collection<Lane> lanes) throws SQLException;

  /**
   * The first that wait in each lane, so many of each class, in order. Takes no lock: whoever has
   * the lane is the only one to take something out.
   */
  List<Held> first(Connection connection, Map<Lane, Integer> lanes) throws SQLException;

  /**
   * How many wait in lanes. Lanes in which nothing does are absent. Takes no lock.
   *
   * @param lanes with the number, at least 1, from which on it does not matter how many more
   */
  Map<Lane, Integer> waiting(Connection connection, Map<Lane, Integer> lanes) throws SQLException;

  /** Takes executions out of where they wait. */
  void remove(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /** A permit that an execution gets. */
  record Permit(Lane lane, ExecutionId id) {}

  /** Gives permits; those that are there already stay. */
  void permit(Connection connection, Collection<Permit> permits) throws SQLException;

  /** Writes what became of locked lanes, and makes those that are missing. */
  void write(Connection connection, Collection<Locked> lanes, Instant now) throws SQLException;

  /**
   * Takes permits of executions that have ended away, and says at their lanes that there is room.
   * To be done last in a transaction. One statement where there are none.
   *
   * @param going of these, executions that go on: they keep their place in the order of a key
   * @return whether there were any
   */
  boolean release(Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going)
      throws SQLException;

  /**
   * The same, but nothing is said at the lanes, so that nobody waits for their rows.
   *
   * @return the lanes, which are to be looked at ({@link #lock}) once this transaction is committed
   */
  Set<Lane> leave(Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going)
      throws SQLException;

  /** Takes everything of executions away that are not to run: where they wait, and permits. */
  void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /**
   * Takes a job's executions out of where they wait; those that have not begun lose their permits.
   */
  void unhold(Connection connection, JobId job) throws SQLException;

  /** Says that lanes of a queue are to be looked at: it was changed. */
  void wake(Connection connection, StoredQueue queue) throws SQLException;

  /** The hosts of jobs; those that call none are absent. Primary key. */
  Map<JobId, String> hosts(Connection connection, Collection<JobId> jobs) throws SQLException;

  /**
   * Says at all lanes in which something waits that they are to be looked at, and makes those that
   * are missing.
   */
  void wakeAll(Connection connection, Instant now) throws SQLException;

  /**
   * Lanes that nothing needs, and has needed since an instant. Takes no lock.
   *
   * @param most at most so many
   */
  List<Lane> unused(Connection connection, Instant since, int most) throws SQLException;

  /**
   * Of these lanes, takes those away that nothing needs. Under the lock row, exclusively.
   *
   * @param lanes a few hundred at the most
   */
  void sweep(Connection connection, Collection<Lane> lanes, Instant since) throws SQLException;
}
