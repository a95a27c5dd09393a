package io.carillon.history;

import io.carillon.db.Reconnecting;
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
   * Reads, and again on another connection where the first turns out to be broken.
   *
   * @param what is asked for, for the message
   * @throws StoreUnavailable if the database does not answer
   * @throws IllegalStateException if it refuses the statement: a defect of ours
   */
  static <T> T read(DataSource database, String what, Work<T> work) {
    return translated(what, () -> Reconnecting.run(database, work::from));
  }

  /** The same for work that must not be begun twice. */
  static <T> T once(DataSource database, String what, Work<T> work) {
    return translated(
        what,
        () -> {
          try (Connection connection = database.getConnection()) {
            return work.from(connection);
          }
        });
  }

  private interface Attempt<T> {
    T make() throws SQLException;
  }

  private static <T> T translated(String what, Attempt<T> attempt) {
    try {
      return attempt.make();
    } catch (SQLSyntaxErrorException | SQLDataException e) {
      throw new IllegalStateException("a statement is refused: " + what, e);
    } catch (SQLException e) {
      throw new StoreUnavailable("the database is away: " + what, e);
    }
  }
}
