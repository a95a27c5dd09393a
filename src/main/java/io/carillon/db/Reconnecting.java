package io.carillon.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Runs short work on a connection of the pool, and again on another one where the first turns out
 * to be broken: after a restart or a drop of the line every connection of the pool is, and the pool
 * finds out one by one. Only for work that may be run twice. Stateless and thread-safe.
 */
public final class Reconnecting {
  private static final int MOST_TRIES = 50;
  private static final int MOST_DEADLOCKS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** 1317 interrupted (what MySQL says at a KILL), 1927 killed (MariaDB): of no SQLSTATE 08. */
  private static final Set<Integer> KILLED = Set.of(1317, 1927);

  private Reconnecting() {}

  /** What is done. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /**
   * @throws SQLException what the work threw, if not for its connection; or what the last of
   *     several broken connections threw; or that the pool has none
   */
  public static <T> T run(DataSource database, Work<T> work) throws SQLException {
    long begun = System.nanoTime();
    for (int tried = 1; ; tried++) {
      try (Connection connection = database.getConnection()) {
        return work.with(connection);
      } catch (SQLException e) {
        if (!isLost(e) || tried == MOST_TRIES || System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw e;
        }
      }
    }
  }

  /**
   * The same for work of which each statement is a transaction of its own, and which may be run
   * again as a whole because a change names what it replaces: where it lost a deadlock it is, five
   * times at the most.
   */
  public static <T> T again(DataSource database, Work<T> work) throws SQLException {
    for (int tried = 1; ; tried++) {
      try {
        return run(database, work);
      } catch (SQLTransactionRollbackException e) {
        if (tried == MOST_DEADLOCKS) {
          throw e;
        }
      }
    }
  }

  /** Whether a connection broke or was killed; not that the pool could get none in its time. */
  public static boolean isLost(SQLException e) {
    if (KILLED.contains(e.getErrorCode())) {
      return true;
    }
    return !(e instanceof SQLTransientConnectionException)
        && e.getSQLState() != null
        && e.getSQLState().startsWith("08");
  }
}
