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
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      connection.setAutoCommit(false);
      try {
        return work.from(connection);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } finally {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
  }
}
