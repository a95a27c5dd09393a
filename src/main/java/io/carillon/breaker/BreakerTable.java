package io.carillon.breaker;

import io.carillon.db.Sql;
import io.carillon.execution.Breaker;
import io.carillon.execution.ExecutionId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Table {@code breaker}, on the caller's connection. Stateless; one statement a method. */
final class BreakerTable {
  private static final int MOST_PRUNED = 1_000;
  private static final int MOST_FORGOTTEN = 100;

  private static final String COLUMNS =
      """
      host, state, forced, changed_at, opened_at, open_until, probe_execution, probe_until,
        in_a_row, counted_from, failed_at, version
      """;

  private static final String INSERT =
      "INSERT %s INTO breaker (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\n";

  private BreakerTable() {}

  /** Rows, locked in the order of hosts; those without one are absent. By primary key. */
  static Map<String, Breaker> lock(Connection connection, Collection<String> hosts)
      throws SQLException {
    Map<String, Breaker> found = new TreeMap<>();
    if (!hosts.isEmpty()) {
      List<String> sorted = List.copyOf(new TreeSet<>(hosts));
      List<Object> values = new ArrayList<>();
      Sql.pad(values, sorted);
      Sql.query(
              connection,
              """
              SELECT %s
              FROM breaker FORCE INDEX (PRIMARY)
              WHERE host IN (%s)
              ORDER BY host
              FOR UPDATE
              """
                  .formatted(COLUMNS, Sql.paddedPlaces(sorted.size())),
              BreakerTable::read,
              values)
          .forEach(breaker -> found.put(breaker.host(), breaker));
    }
    return found;
  }

  /** By primary key. Takes no lock. */
  static Optional<Breaker> find(Connection connection, String host) throws SQLException {
    return Sql.queryOne(
        connection,
        "SELECT %s FROM breaker WHERE host = ?".formatted(COLUMNS),
        BreakerTable::read,
        host);
  }

  /** Gives hosts a row that have none. */
  static void prepare(Connection connection, Collection<String> hosts) throws SQLException {
    Sql.insert(
        connection,
        INSERT.formatted("IGNORE"),
        new TreeSet<>(hosts).stream().map(host -> values(Breaker.unknown(host))).toList());
  }

  /** Writes rows that the caller has locked. */
  static void write(Connection connection, Collection<Breaker> breakers) throws SQLException {
    Sql.insert(
        connection,
        INSERT.formatted("")
            + """
            ON DUPLICATE KEY UPDATE state = VALUES(state), forced = VALUES(forced),
              changed_at = VALUES(changed_at), opened_at = VALUES(opened_at),
              open_until = VALUES(open_until), probe_execution = VALUES(probe_execution),
              probe_until = VALUES(probe_until), in_a_row = VALUES(in_a_row),
              counted_from = VALUES(counted_from), failed_at = VALUES(failed_at),
              version = VALUES(version)
            """,
        breakers.stream().map(BreakerTable::values).toList());
  }

  /** Writes a row that nobody has changed meanwhile. @return whether nobody had */
  static boolean replace(Connection connection, Breaker next, long version) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(values(next));
    values.add(next.host());
    values.add(version);
    return Sql.update(
            connection,
            """
            UPDATE breaker
            SET host = ?, state = ?, forced = ?, changed_at = ?, opened_at = ?, open_until = ?,
              probe_execution = ?, probe_until = ?, in_a_row = ?, counted_from = ?, failed_at = ?,
              version = ?
            WHERE host = ? AND version = ?
            """,
            values)
        == 1;
  }

  /** Those that are not closed. Index breaker_by_state. Takes no lock. */
  static List<Breaker> shut(Connection connection) throws SQLException {
    return Sql.query(
        connection,
        "SELECT %s FROM breaker WHERE state IN ('OPEN', 'HALF_OPEN')".formatted(COLUMNS),
        BreakerTable::read);
  }

  /** Those that are not closed, and those of hosts that failed after an instant. Both indexes. */
  static List<Breaker> watched(Connection connection, Instant failedAfter) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %1$s FROM breaker WHERE state IN ('OPEN', 'HALF_OPEN')
        UNION ALL
        SELECT %1$s FROM breaker WHERE failed_at > ? AND state = 'CLOSED'
        """
            .formatted(COLUMNS),
        BreakerTable::read,
        failedAfter);
  }

  /** Those worth telling of, by host, by primary key. */
  static List<Breaker> page(Connection connection, String after, Instant failedAfter, int most)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %s
        FROM breaker
        WHERE host > ? AND (state <> 'CLOSED' OR forced <> 'AUTO' OR failed_at > ?)
        ORDER BY host
        LIMIT ?
        """
            .formatted(COLUMNS),
        BreakerTable::read,
        after,
        failedAfter,
        most);
  }

  /**
   * Some that are not closed and have neither changed nor failed since an instant, but for those
   * that somebody keeps open. Index breaker_by_state. Takes no lock.
   */
  static List<Breaker> forgotten(Connection connection, Instant before) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %s FROM breaker
        WHERE state IN ('OPEN', 'HALF_OPEN') AND forced = 'AUTO' AND changed_at < ?
          AND COALESCE(failed_at, 0) < ?
        LIMIT ?
        """
            .formatted(COLUMNS),
        BreakerTable::read,
        before,
        before,
        MOST_FORGOTTEN);
  }

  /**
   * Forgets some that have been closed and without a failure or a change since an instant. They are
   * found without a lock, for which those that judge a host might wait; the index is no help where
   * nothing ever failed.
   */
  static void prune(Connection connection, Instant before) throws SQLException {
    String old =
        """
        state = 'CLOSED' AND forced = 'AUTO' AND COALESCE(failed_at, 0) < ?
          AND COALESCE(changed_at, 0) < ?
        """;
    List<String> hosts =
        Sql.query(
            connection,
            "SELECT host FROM breaker WHERE %s LIMIT ?".formatted(old),
            row -> row.getString(1),
            before,
            before,
            MOST_PRUNED);
    if (!hosts.isEmpty()) {
      List<Object> values = new ArrayList<>(List.of(before, before));
      Sql.pad(values, hosts);
      Sql.update(
          connection,
          "DELETE FROM breaker WHERE %s AND host IN (%s)"
              .formatted(old, Sql.paddedPlaces(hosts.size())),
          values);
    }
  }

  private static List<@Nullable Object> values(Breaker breaker) {
    ExecutionId probe = breaker.probe();
    return Arrays.asList(
        breaker.host(),
        breaker.state(),
        breaker.force(),
        breaker.changedAt(),
        breaker.openedAt(),
        breaker.openUntil(),
        probe == null ? null : probe.value(),
        breaker.probeUntil(),
        breaker.inARow(),
        breaker.countedFrom(),
        breaker.failedAt(),
        breaker.version());
  }

  private static Breaker read(ResultSet row) throws SQLException {
    String probe = row.getString("probe_execution");
    return new Breaker(
        row.getString("host"),
        Breaker.State.valueOf(row.getString("state")),
        Breaker.Force.valueOf(row.getString("forced")),
        Sql.instant(row, "changed_at"),
        Sql.instant(row, "opened_at"),
        Sql.instant(row, "open_until"),
        probe == null ? null : new ExecutionId(probe),
        Sql.instant(row, "probe_until"),
        row.getInt("in_a_row"),
        Objects.requireNonNull(Sql.instant(row, "counted_from")),
        Sql.instant(row, "failed_at"),
        row.getLong("version"));
  }
}
