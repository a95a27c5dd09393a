package io.carillon.breaker;

import io.carillon.breaker.Counted.Ends;
import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code breaker_count}, on the caller's connection. A process writes its own rows, and each
 * as a whole, so that it can be written twice. One statement a method, none for no host.
 */
final class CountTable {
  private static final int MOST_PRUNED = 1_000;

  private CountTable() {}

  /** Writes what a process counted; a row that holds more already stays. */
  static void write(Connection connection, String process, Map<String, Counted> byHost, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    new TreeMap<>(byHost)
        .forEach(
            (host, counted) -> {
              Ends total = counted.total();
              rows.add(
                  List.of(
                      host,
                      process,
                      now,
                      counted.events(),
                      total.answers(),
                      total.failures(),
                      counted.text()));
            });
    // Assigned from left to right: what is compared with goes last.
    Sql.insert(
        connection,
        """
        INSERT INTO breaker_count (host, process, counted_at, events, answers, failures, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE
          counted_at = IF(VALUES(events) >= events, VALUES(counted_at), counted_at),
          answers = IF(VALUES(events) >= events, VALUES(answers), answers),
          failures = IF(VALUES(events) >= events, VALUES(failures), failures),
          detail = IF(VALUES(events) >= events, VALUES(detail), detail),
          events = GREATEST(events, VALUES(events))
        """,
        rows);
  }

  /** What all processes counted of hosts, if after an instant. By primary key; takes no lock. */
  static Map<String, List<Counted>> read(
      Connection connection, Collection<String> hosts, Instant after) throws SQLException {
    Map<String, List<Counted>> found = new HashMap<>();
    if (hosts.isEmpty()) {
      return found;
    }
    List<Object> values = new ArrayList<>();
    values.add(after);
    Sql.pad(values, List.copyOf(hosts));
    Sql.query(
        connection,
        """
        SELECT host, events, detail
        FROM breaker_count FORCE INDEX (PRIMARY)
        WHERE counted_at > ? AND host IN (%s)
        """
            .formatted(Sql.paddedPlaces(hosts.size())),
        row ->
            found
                .computeIfAbsent(row.getString("host"), host -> new ArrayList<>())
                .add(Counted.parse(row.getLong("events"), row.getString("detail"))),
        values);
    return found;
  }

  /** Forgets what was counted before an instant. Index breaker_count_by_age. */
  static void prune(Connection connection, Instant before) throws SQLException {
    Sql.update(
        connection, "DELETE FROM breaker_count WHERE counted_at < ? LIMIT ?", before, MOST_PRUNED);
  }
}
