package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Table {@code lane}. By primary key unless said. Stateless. */
final class LaneTable {
  /** The database's clock; the session's zone is UTC. */
  private static final String MILLIS = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

  private static final String MICROS = "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)";

  private static final String SELECT =
      "SELECT namespace, kind, name, tat, turn, ready_at, " + MICROS + " AS now FROM lane ";

  private static final String UNUSED =
      """
      touched_at < ? AND ready_at IS NULL AND tat < %s
        AND NOT EXISTS (SELECT 1 FROM held
          WHERE held.namespace = lane.namespace AND held.kind = lane.kind AND held.lane = lane.name)
        AND NOT EXISTS (SELECT 1 FROM permit
          WHERE permit.namespace = lane.namespace AND permit.kind = lane.kind
            AND permit.lane = lane.name)
      """
          .formatted(MICROS);

  private LaneTable() {}

  /** Index lane_by_ready. */
  static List<Locked> lockReady(Connection connection, int most) throws SQLException {
    String statement =
        SELECT
            + """
            FORCE INDEX (lane_by_ready)
            WHERE ready_at <= %s
            ORDER BY ready_at
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """
                .formatted(MILLIS);
    return Sql.query(connection, statement, LaneTable::read, most);
  }

  static List<Locked> lock(Connection connection, Collection<Lane> lanes) throws SQLException {
    if (lanes.isEmpty()) {
      return List.of();
    }
    LaneKeys keys = LaneKeys.of("name", lanes);
    String statement =
        SELECT + "FORCE INDEX (PRIMARY) WHERE " + keys.condition() + " FOR UPDATE SKIP LOCKED";
    return Sql.query(connection, statement, LaneTable::read, keys.values());
  }

  /** Those that are there. Takes no lock. */
  static List<Lane> among(Connection connection, Collection<Lane> lanes) throws SQLException {
    LaneKeys keys = LaneKeys.of("name", lanes);
    return Sql.query(
        connection,
        "SELECT namespace, kind, name FROM lane FORCE INDEX (PRIMARY) WHERE " + keys.condition(),
        row -> LaneKeys.read(row, "name"),
        keys.values());
  }

  private static Locked read(ResultSet row) throws SQLException {
    long millis = row.getLong("ready_at");
    Long readyAt = row.wasNull() ? null : (Long) millis;
    return new Locked(
        LaneKeys.read(row, "name"),
        row.getLong("tat"),
        row.getInt("turn"),
        readyAt,
        row.getLong("now"));
  }

  /** Makes lanes that are missing; at some there is something to look at. */
  static void touch(Connection connection, Set<Lane> ready, Collection<Lane> others, Instant now)
      throws SQLException {
    TreeSet<Lane> all = new TreeSet<>(others);
    all.addAll(ready);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Lane lane : all) {
      rows.add(
          Arrays.asList(
              lane.namespace(), lane.kind(), lane.name(), ready.contains(lane) ? 1 : null, now));
    }
    Sql.insert(
        connection,
        """
        INSERT INTO lane (namespace, kind, name, ready_at, touched_at)
        VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE
          ready_at = IF(VALUES(ready_at) IS NULL, ready_at, COALESCE(LEAST(ready_at, %s), %s)),
          touched_at = VALUES(touched_at)
        """
            .formatted(MILLIS, MILLIS),
        rows);
  }

  /** Says that there is something to look at. */
  static void wake(Connection connection, Collection<Lane> lanes) throws SQLException {
    if (lanes.isEmpty()) {
      return;
    }
    LaneKeys keys = LaneKeys.of("name", lanes);
    Sql.update(
        connection,
        """
        UPDATE lane FORCE INDEX (PRIMARY)
        SET ready_at = COALESCE(LEAST(ready_at, %s), %s)
        WHERE %s
        """
            .formatted(MILLIS, MILLIS, keys.condition()),
        keys.values());
  }

  /** With all lanes of hosts in queues, which are few. */
  static void wake(Connection connection, StoredQueue queue) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE lane FORCE INDEX (PRIMARY)
        SET ready_at = COALESCE(LEAST(ready_at, %s), %s)
        WHERE namespace = ? AND (kind = 'QUEUE_HOST' OR (kind = 'QUEUE' AND name = ?))
        """
            .formatted(MILLIS, MILLIS),
        queue.namespace(),
        queue.name());
  }

  static void write(Connection connection, Collection<Locked> lanes, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> rows =
        lanes.stream()
            .sorted(Comparator.comparing(Locked::lane))
            .map(
                one ->
                    Arrays.<@Nullable Object>asList(
                        one.lane().namespace(),
                        one.lane().kind(),
                        one.lane().name(),
                        one.arrival(),
                        one.turn(),
                        one.readyAt(),
                        now))
            .toList();
    Sql.insert(
        connection,
        """
        INSERT INTO lane (namespace, kind, name, tat, turn, ready_at, touched_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE tat = VALUES(tat), turn = VALUES(turn),
          ready_at = VALUES(ready_at), touched_at = VALUES(touched_at)
        """,
        rows);
  }

  /** The whole table, by the primary keys of the others for each. Takes no lock. */
  static List<Lane> unused(Connection connection, Instant since, int most) throws SQLException {
    return Sql.query(
        connection,
        "SELECT namespace, kind, name FROM lane WHERE " + UNUSED + " LIMIT ?",
        row -> LaneKeys.read(row, "name"),
        since,
        most);
  }

  static void sweep(Connection connection, Collection<Lane> lanes, Instant since)
      throws SQLException {
    LaneKeys keys = LaneKeys.of("name", lanes);
    Sql.update(
        connection,
        "DELETE FROM lane WHERE " + UNUSED + " AND " + keys.condition(),
        keys.after(since));
  }
}
