package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our {@code node} rows and Quartz's QRTZ_SCHEDULER_STATE, which operations staff know. All times
 * in them are the database's own, so nodes need not agree on the hour. Works on the caller's
 * connection.
 */
final class NodeRows {
  /** The database's clock in milliseconds since 1970; the session's zone is UTC. */
  private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

  private final Tables tables;

  NodeRows(Tables tables) {
    this.tables = tables;
  }

  /**
   * What a node says of itself.
   *
   * @param instance instance name: node id and token
   */
  record NodeRow(
      String instance,
      String nodeId,
      int token,
      Duration lease,
      @Nullable String address,
      String version) {}

  Instant databaseNow(Connection connection) throws SQLException {
    return Sql.queryOne(connection, "SELECT " + NOW, row -> Instant.ofEpochMilli(row.getLong(1)))
        .orElseThrow();
  }

  void insert(Connection connection, NodeRow node) throws SQLException {
    String statement =
        """
        INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at, lease_ms,
          address, version)
        VALUES (?, ?, ?, 'ACTIVE', %s, %s, ?, ?, ?)
        """
            .formatted(NOW, NOW);
    Sql.update(
        connection,
        statement,
        node.instance(),
        node.nodeId(),
        node.token(),
        node.lease().toMillis(),
        node.address(),
        node.version());
  }

  /** Renews a lease. @return false if the row is gone: the node was taken for dead */
  boolean renew(Connection connection, String instance, Duration clockOffset, int inFlight)
      throws SQLException {
    String statement =
        """
        UPDATE node
        SET renewed_at = %s, clock_offset_ms = ?, in_flight = ?
        WHERE instance_name = ?
        """
            .formatted(NOW);
    long offset = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, clockOffset.toMillis()));
    return Sql.update(connection, statement, offset, inFlight, instance) == 1;
  }

  /** Writes the row by which stock tools see the node. */
  void show(Connection connection, String instance, Duration interval) throws SQLException {
    String statement =
        """
        INSERT INTO QRTZ_SCHEDULER_STATE (SCHED_NAME, INSTANCE_NAME, LAST_CHECKIN_TIME,
          CHECKIN_INTERVAL)
        VALUES (?, ?, %s, ?)
        ON DUPLICATE KEY UPDATE LAST_CHECKIN_TIME = VALUES(LAST_CHECKIN_TIME)
        """
            .formatted(NOW);
    Sql.update(
        connection, tables.sql(statement), tables.scheduler(), instance, interval.toMillis());
  }

  /**
   * Whether a node still has its row; under the lock row, which recovery holds while it takes one
   * away.
   */
  Presence presence(Connection connection, String instance) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT EXISTS (SELECT 1 FROM queue WHERE last_pause_from IS NOT NULL),
              EXISTS (SELECT 1 FROM queue WHERE limited = TRUE),
              EXISTS (SELECT 1 FROM lane WHERE ready_at <= %s)
            FROM node
            WHERE instance_name = ?
            """
                .formatted(NOW),
            row -> new Presence(true, row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)),
            instance)
        .orElse(new Presence(false, false, false, false));
  }

  /**
   * Whether a node has its row; and, as that costs no statement more, whether any queue was ever
   * paused, whether any is limited, and whether there is something held to look at.
   */
  record Presence(boolean here, boolean queuesPaused, boolean queuesLimited, boolean lanesReady) {}

  void draining(Connection connection, String instance) throws SQLException {
    Sql.update(connection, "UPDATE node SET state = 'DRAINING' WHERE instance_name = ?", instance);
  }

  /**
   * A node's sign of life.
   *
   * @param renewedAt by the database's clock; compared for equality only, so that a clock that is
   *     set, here or there, makes nobody dead
   */
  record Sign(String instance, long renewedAt, Duration lease) {}

  /** All nodes that have a row. Takes no lock. */
  List<Sign> signs(Connection connection) throws SQLException {
    return Sql.query(
        connection, "SELECT instance_name, renewed_at, lease_ms FROM node", NodeRows::sign);
  }

  /** The same of some nodes, locked so that none can renew until the transaction is over. */
  List<Sign> lockSigns(Connection connection, Collection<String> instances) throws SQLException {
    if (instances.isEmpty()) {
      return List.of();
    }
    String statement =
        """
        SELECT instance_name, renewed_at, lease_ms
        FROM node
        WHERE instance_name IN (%s)
        FOR UPDATE
        """
            .formatted(Sql.places(instances.size()));
    return Sql.query(connection, statement, NodeRows::sign, List.copyOf(instances));
  }

  /**
   * The node that does what one node is enough for: the first by name of those that are not leaving
   * and whose clock can be used. Takes no lock.
   */
  boolean isFirst(Connection connection, String instance) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT MIN(instance_name)
            FROM node
            WHERE state = 'ACTIVE' AND ABS(clock_offset_ms) < 2000
            """,
            row -> instance.equals(row.getString(1)))
        .orElse(false);
  }

  /** Instance names under which some processes have rows. */
  List<String> ofProcesses(Connection connection, Collection<String> nodeIds) throws SQLException {
    String statement =
        "SELECT instance_name FROM node WHERE node_id IN (%s)"
            .formatted(Sql.places(nodeIds.size()));
    return Sql.query(connection, statement, row -> row.getString(1), List.copyOf(nodeIds));
  }

  private static Sign sign(ResultSet row) throws SQLException {
    return new Sign(row.getString(1), row.getLong(2), Duration.ofMillis(row.getLong(3)));
  }

  /** Nodes that stock Quartz knows and we do not: not ours, or left over. */
  List<String> foreign(Connection connection) throws SQLException {
    String statement =
        """
        SELECT s.INSTANCE_NAME
        FROM QRTZ_SCHEDULER_STATE s
          LEFT JOIN node n
            ON n.instance_name = CONVERT(s.INSTANCE_NAME USING ascii) COLLATE ascii_bin
        WHERE s.SCHED_NAME = ? AND n.instance_name IS NULL
        """;
    return Sql.query(
        connection, tables.sql(statement), row -> row.getString(1), tables.scheduler());
  }

  void delete(Connection connection, Collection<String> instances) throws SQLException {
    if (instances.isEmpty()) {
      return;
    }
    String places = Sql.places(instances.size());
    Sql.update(
        connection,
        "DELETE FROM node WHERE instance_name IN (%s)".formatted(places),
        List.copyOf(instances));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    values.addAll(instances);
    Sql.update(
        connection,
        tables.sql(
            "DELETE FROM QRTZ_SCHEDULER_STATE WHERE SCHED_NAME = ? AND INSTANCE_NAME IN (%s)"
                .formatted(places)),
        values);
  }
}
