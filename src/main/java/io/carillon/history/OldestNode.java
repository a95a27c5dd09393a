package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Which node does what one does for all, turn by turn. Stateless. */
final class OldestNode {
  private OldestNode() {}

  /** Nodes that have left have no row; of a dead one the others take it away within seconds. */
  static boolean is(Connection connection, String instanceName) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT instance_name FROM node
            ORDER BY started_at, instance_name
            LIMIT 1
            """,
            row -> row.getString(1).equals(instanceName))
        .orElse(false);
  }
}
