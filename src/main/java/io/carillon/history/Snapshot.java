package io.carillon.history;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Reads several tables as they stood at one moment: in one transaction at REPEATABLE READ, whose
 * first statement takes the snapshot. Under READ COMMITTED each statement would see a later moment
 * than the one before, and what is fired in between would be on one side only. It takes no locks
 * and ends before anything is made of what was read. Stateless.
 */
final class Snapshot {
  private Snapshot() {}

  /** As {@link Reading#read}. */
  static <T> T read(DataSource database, String what, Reading.Work<T> work) {
    return Reading.read(database, what, connection -> read(connection, work));
  }

  private static <T> T read(Connection connection, Reading.Work<T> work) throws SQLException {
    T read;
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      read = work.from(connection);
    } catch (SQLException | RuntimeException e) {
      endAfter(e, connection);
      throw e;
    }
    end(connection);
    return read;
  }

  /** What went wrong first is what the caller hears of. */
  private static void endAfter(Exception failed, Connection connection) {
    try {
      end(connection);
    } catch (SQLException e) {
      failed.addSuppressed(e);
    }
  }

  private static void end(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
  }
}
