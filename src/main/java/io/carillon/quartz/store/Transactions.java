package io.carillon.quartz.store;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
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

  private static final String LOCK_ROW =
      """
      SELECT LOCK_NAME
      FROM QRTZ_LOCKS
      WHERE SCHED_NAME = ? AND LOCK_NAME = 'TRIGGER_ACCESS'
      """;

  private static final String TAKE_LOCK_ROW = LOCK_ROW + "FOR UPDATE";
  private static final String SHARE_LOCK_ROW = LOCK_ROW + "LOCK IN SHARE MODE";

  /** MariaDB's; MySQL gets it with the setting that ends a session that is idle. */
  private static final String FOR_A_SECOND = " WAIT 1";

  private static final int LOCK_WAIT = 1205;

  private static final String MAKE_LOCK_ROWS =
      """
      INSERT IGNORE INTO QRTZ_LOCKS (SCHED_NAME, LOCK_NAME)
      VALUES (?, 'TRIGGER_ACCESS'), (?, 'STATE_ACCESS')
      """;

  /**
   * A frozen node must not hold the lock row: the server ends a session that is idle for a second.
   */
  private static final String END_WHEN_IDLE =
      "SET SESSION wait_timeout = 1, innodb_lock_wait_timeout = %d";

  private static final String KEEP_WHEN_IDLE =
      "SET SESSION wait_timeout = 90, innodb_lock_wait_timeout = 5";

  /**
   * A connection that broke before the commit was asked for (after it, the outcome is unknown) is
   * replaced and the work run again, for so long after the first loss.
   */
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(10);

  /** Hot steps of one node at a time, where the lock row is shared: fire, complete, store. */
  private static final int LANES = 3;

  private final DataSource pool;
  private final Tables tables;
  private final boolean guarded;
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
    this.tables = tables;
    this.guarded = guarded;
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
      Sql.update(connection, tables.sql(MAKE_LOCK_ROWS), tables.scheduler(), tables.scheduler());
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
   * @param patient whether it waits for the lock row as long as it takes. At first it does so for a
   *     second: a node that freezes may leave a request behind that waits for another's, and would
   *     be granted, and hold the row for a second more, when its own transaction has been ended
   */
  private <T, E extends Exception> T transact(Lock lock, Work<T, E> work, boolean patient)
      throws SQLException, E {
    boolean guard = guarded && lock != Lock.NONE;
    try (Connection connection = pool.getConnection()) {
      if (guard) {
        Sql.update(connection, END_WHEN_IDLE.formatted(patient ? 5 : 1));
      }
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        if (lock != Lock.NONE) {
          String statement = lock == Lock.ROW ? TAKE_LOCK_ROW : SHARE_LOCK_ROW;
          takeLockRow(connection, patient || guarded ? statement : statement + FOR_A_SECOND);
        }
        T result = work.with(connection);
        commit(connection);
        done = true;
        return result;
      } finally {
        leave(connection, done, guard);
      }
    }
  }

  private void takeLockRow(Connection connection, String statement) throws SQLException {
    if (!hasTaken(connection, statement)) {
      // Somebody has deleted the row; whoever inserts it holds it.
      Sql.update(connection, tables.sql(MAKE_LOCK_ROWS), tables.scheduler(), tables.scheduler());
      hasTaken(connection, statement);
    }
  }

  private boolean hasTaken(Connection connection, String statement) throws SQLException {
    return Sql.queryOne(
            connection, tables.sql(statement), row -> row.getString(1), tables.scheduler())
        .isPresent();
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
  private static void leave(Connection connection, boolean done, boolean guard) {
    try {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
      if (guard) {
        Sql.update(connection, KEEP_WHEN_IDLE);
      }
    } catch (SQLException e) {
      LOG.debug("a broken connection was left to the pool: {}", e.getMessage());
    }
  }

  static boolean isLostRace(SQLException e) {
    return LOST_RACES.contains(e.getErrorCode());
  }
}
