package io.carillon.events;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Table {@code listener}, which is as small as the cluster. Stateless. */
final class ListenerRows {
  /** For so long a listener counts after it was last renewed. */
  static final Duration LASTING = Duration.ofMinutes(5);

  private static final String NOW = EventRows.NOW;

  private ListenerRows() {}

  /**
   * Whether anybody in the cluster listens, or may: who listens does not wait for a node that he
   * cannot see ({@link #isAlone}).
   *
   * @param name of the row of the node that asks
   */
  static boolean mayAnybodyBeThere(Connection connection, String name) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT EXISTS (SELECT 1 FROM listener WHERE listens_until > %s)
              OR NOT EXISTS (SELECT 1 FROM node WHERE instance_name = ?)
            """
                .formatted(NOW),
            row -> row.getBoolean(1),
            name)
        .orElse(true);
  }

  /** Comes, or stays. A row that had run out has to be brought into force again. */
  static void renew(Connection connection, String node) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO listener (node, listens_until, in_force_from)
        VALUES (?, %s + ?, NULL)
        ON DUPLICATE KEY UPDATE
          in_force_from = IF(listens_until > %s, in_force_from, NULL),
          listens_until = VALUES(listens_until)
        """
            .formatted(NOW, NOW),
        node,
        LASTING.toMillis());
  }

  /**
   * The id after which all events were written without a break until now; empty while that is not
   * certain of any.
   */
  static OptionalLong inForceFrom(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT MIN(in_force_from) FROM listener
            WHERE listens_until > %s AND in_force_from IS NOT NULL
            HAVING MIN(in_force_from) IS NOT NULL
            """
                .formatted(NOW),
            row -> OptionalLong.of(row.getLong(1)))
        .orElse(OptionalLong.empty());
  }

  /** Says so of this node's row. @return whether it is there and has not run out */
  static boolean bringIntoForce(Connection connection, String node, long from) throws SQLException {
    return Sql.update(
            connection,
            """
            UPDATE listener
            SET in_force_from = ?
            WHERE node = ? AND listens_until > %s
            """
                .formatted(NOW),
            from,
            node)
        == 1;
  }

  /**
   * Whether a node is the only one: nobody else has to be told.
   *
   * @param name of its row
   */
  static boolean isAlone(Connection connection, String name) throws SQLException {
    List<String> all =
        Sql.query(connection, "SELECT instance_name FROM node LIMIT 2", row -> row.getString(1));
    return all.equals(List.of(name));
  }

  static void removeRunOut(Connection connection) throws SQLException {
    Sql.update(
        connection,
        "DELETE FROM listener WHERE listens_until < %s - ?".formatted(NOW),
        LASTING.toMillis());
  }
}
