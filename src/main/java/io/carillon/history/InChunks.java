package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Repeats a small DELETE, each in a transaction of its own, until nothing is left. Stateless. */
final class InChunks {
  static final int ROWS = 500;

  private InChunks() {}

  /**
   * @param statement ends with {@code LIMIT 500}
   * @param most statements; what is left then waits for the next run
   */
  static int delete(Connection connection, String statement, int most, Object... values)
      throws SQLException {
    int sum = 0;
    for (int chunk = 0; chunk < most; chunk++) {
      int deleted = Sql.update(connection, statement, values);
      sum += deleted;
      if (deleted < ROWS) {
        break;
      }
    }
    return sum;
  }
}
