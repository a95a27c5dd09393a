package io.carillon.history;

import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import javax.sql.DataSource;

/**
 * Gives a read or a duty its connection, and says in the domain's words what went wrong. Stateless.
 */
final class Reading {
  private Reading() {}

  /** What is read. */
  @FunctionalInterface
  interface Work<T> {
    T from(Connection connection) throws SQLException;
  }

  /**
   * @param what is asked for, for the message
   * @throws StoreUnavailable if the database does not answer
   * @throws IllegalStateException if it refuses the statement: a defect of ours
   */
  static <T> T read(DataSource database, String what, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.from(connection);
    } catch (SQLSyntaxErrorException | SQLDataException e) {
      throw new IllegalStateException("a statement is refused: " + what, e);
    } catch (SQLException e) {
      throw new StoreUnavailable("the database is away: " + what, e);
    }
  }
}
