package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One node's turn at the duties of all: a named lock of the database server, held by a connection
 * and gone with it. Whoever does not get it at once leaves the work to the node that has it.
 */
final class Turn implements AutoCloseable {
  private final Connection connection;

  private Turn(Connection connection) {
    this.connection = connection;
  }

  /** Empty if it is another's turn. */
  static <T> Optional<T> take(DataSource database, String what, Reading.Work<T> work) {
    return Reading.once(
        database,
        what,
        connection -> {
          connection.setAutoCommit(true);
          if (!isOurs(connection)) {
            return Optional.empty();
          }
          try (Turn turn = new Turn(connection)) {
            return Optional.of(turn.use(work));
          }
        });
  }

  /** Names are the server's, not the schema's. */
  private static boolean isOurs(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection,
            "SELECT GET_LOCK(CONCAT('carillon.retention.', MD5(DATABASE())), 0) AS ours",
            row -> row.getInt("ours") == 1)
        .orElse(false);
  }

  private <T> T use(Reading.Work<T> work) throws SQLException {
    // A change of a table waits for everybody's statements on it, and all others behind it.
    Sql.update(connection, "SET SESSION lock_wait_timeout = 1");
    return work.from(connection);
  }

  @Override
  public void close() throws SQLException {
    Sql.update(connection, "SET SESSION lock_wait_timeout = DEFAULT");
    Sql.update(connection, "DO RELEASE_LOCK(CONCAT('carillon.retention.', MD5(DATABASE())))");
  }
}
