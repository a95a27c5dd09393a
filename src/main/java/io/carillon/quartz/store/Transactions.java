package io.carillon.quartz.store;

import io.carillon.db.Reconnecting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every transaction of the store: the lock row first (exclusively, as stock Quartz takes it; where
 * it is shared, hot steps take it in share mode, which excludes all others but not each other),
 * then the work, then one commit. A transaction that lost a race (deadlock, lock wait, changed
 * record, foreign key) or its connection before the commit is run again as a whole, a few times,
 * with jitter; so work must have no effect but its statements. Thread-safe.
 */
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
  private static final int MOST_TRIES = 6;

  /** All connections of a pool break together, and it finds out one by one. */
  private static final int MOST_LOSSES = 50;

  private static final long LONGEST_PAUSE_NANOS = 40_000_000;

  /** 1213 deadlock, 1205 lock wait, 1020 record changed, 1451 row is still referenced. */
  private static final Set<Integer> LOST_RACES = Set.of(1213, 1205, 1020, 1451);

  private static final int LOCK_WAIT = 1205;

  /**
   * A connection that broke before the commit was asked for (after it, the outcome is unknown) is
   * replaced and the work run again, for so long after the first loss.
   */
  private static final Duration RECONNECT = Duration.ofSeconds(2);

  private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(10);

  /** Hot steps of one node at a time, where the lock row is shared: fire, complete, store. */
  private static final int LANES = 3;

  private final DataSource pool;
  private final LockRow lockRow;
  private final boolean shared;

  /**
   * One transaction of this node at a time asks for the lock row, taking all lanes, or some that
   * share it, a lane each; the others wait here, without a connection. They exclude each other in
   * the database anyway, and a node that freezes leaves behind one request for the row, or some
   * that are granted together, but never one after another, each of which the database would grant
   * and wait for.
   */
  private final Semaphore turn = new Semaphore(LANES, true);

  private final Semaphore clients = new Semaphore(1, true);

  /**
   * @param guarded whether each transaction under the lock row brings its own time-out for
   *     idleness, because the server has none for idle transactions (MySQL)
   * @param shared whether hot steps take the lock row in share mode
   */
  Transactions(DataSource pool, Tables tables, boolean guarded, boolean shared) {
    this.pool = pool;
    this.lockRow = new LockRow(tables, guarded);
    this.shared = shared;
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T with(Connection connection) throws SQLException, E;
  }

  /** Whether a transaction takes the lock row first. */
  enum Lock {
    ROW,
    SHARED_ROW,
    NONE
  }

  /** A commit ended without an answer: the work may be stored or not. */
  static final class UnknownOutcome extends SQLException {
    private static final long serialVersionUID = 1L;

    UnknownOutcome(SQLException cause) {
      super("the commit ended without an answer: " + cause.getMessage(), cause);
    }
  }

  /** Too many were waiting before this one. */
  static final class NoTurn extends SQLTransientException {
    private static final long serialVersionUID = 1L;

    NoTurn(Duration patience) {
      super("no turn within " + patience.toMillis() + " ms");
    }
  }

  /** Makes the rows that everything locks, if they are missing. */
  void prepare() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      lockRow.make(connection);
    }
  }

  /**
   * Runs work of the engine under the lock row and commits it.
   *
   * @throws UnknownOutcome if the commit failed
   */
  <T, E extends Exception> T locked(Work<T, E> work) throws SQLException, E {
    return run(Lock.ROW, work);
  }

  /**
   * Runs a hot step, one whose rows are its own by row locks, and commits it: with the lock row in
   * share mode where that is set, else as {@link #locked}.
   *
   * @throws UnknownOutcome if the commit failed
   */
  <T, E extends Exception> T hot(Work<T, E> work) throws SQLException, E {
    return run(shared ? Lock.SHARED_ROW : Lock.ROW, work);
  }

  /**
   * Runs work that a client asked for under the lock row. Clients queue up among themselves, so the
   * engine waits for one of them at most.
   *
   * @throws NoTurn if there are more than can be served in time
   */
  <T, E extends Exception> T lockedForClient(Work<T, E> work) throws SQLException, E {
    await(clients, 1, CLIENT_PATIENCE);
    try {
      return run(Lock.ROW, work);
    } finally {
      clients.release();
    }
  }

  /**
   * Reads on a connection in auto-commit mode: each statement is a transaction of its own, and
   * nothing else is sent.
   */
  <T, E extends Exception> T read(Work<T, E> work) throws SQLException, E {
    try (Connection connection = pool.getConnection()) {
      return work.with(connection);
    }
  }

  <T, E extends Exception> T run(Lock lock, Work<T, E> work) throws SQLException, E {
    int races = 0;
    boolean patient = false;
    int losses = 0;
    long firstLoss = 0;
    while (true) {
      try {
        return once(lock, work, patient);
      } catch (SQLException e) {
        patient |= e.getErrorCode() == LOCK_WAIT;
        if (isLostRace(e) && ++races < MOST_TRIES) {
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        } else if (!(e instanceof UnknownOutcome) && Reconnecting.isLost(e)) {
          firstLoss = losses == 0 ? System.nanoTime() : firstLoss;
          if (++losses > MOST_LOSSES || System.nanoTime() - firstLoss > RECONNECT.toNanos()) {
            throw e;
          }
        } else {
          throw e;
        }
      }
    }
  }

  private <T, E extends Exception> T once(Lock lock, Work<T, E> work, boolean patient)
      throws SQLException, E {
    if (lock == Lock.NONE) {
      return transact(lock, work, patient);
    }
    int lanes = lock == Lock.ROW ? LANES : 1;
    await(turn, lanes, TURN_PATIENCE);
    try {
      return transact(lock, work, patient);
    } finally {
      turn.release(lanes);
    }
  }

  /**
   * @param patient whether it waits for the lock row as long as it takes
   */
  private <T, E extends Exception> T transact(Lock lock, Work<T, E> work, boolean patient)
      throws SQLException, E {
    try (Connection connection = pool.getConnection()) {
      if (lock != Lock.NONE) {
        lockRow.guard(connection, patient);
      }
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        if (lock != Lock.NONE) {
          lockRow.take(connection, lock == Lock.SHARED_ROW, patient);
        }
        T result = work.with(connection);
        commit(connection);
        done = true;
        return result;
      } finally {
        leave(connection, lock, done);
      }
    }
  }

  private static void await(Semaphore queue, int permits, Duration patience) throws SQLException {
    try {
      if (!queue.tryAcquire(permits, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new NoTurn(patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientException("interrupted while waiting for a turn", e);
    }
  }

  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw isLostRace(e) ? e : new UnknownOutcome(e);
    }
  }

  /**
   * Ends what was not committed. A connection that cannot even do that is broken; the pool drops
   * it.
   */
  private void leave(Connection connection, Lock lock, boolean done) {
    try {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
      if (lock != Lock.NONE) {
        lockRow.unguard(connection);
      }
    } catch (SQLException e) {
      LOG.debug("a broken connection was left to the pool: {}", e.getMessage());
    }
  }

  static boolean isLostRace(SQLException e) {
    return LOST_RACES.contains(e.getErrorCode());
  }
}
