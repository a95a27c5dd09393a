package io.carillon.events;

import io.carillon.db.Sql;
import io.carillon.events.Holes.Hole;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Table {@code event}. Stateless; works on the caller's connection. */
final class EventRows {
  /** Rows of one read. */
  static final int PAGE = 1_000;

  /** The database's clock in milliseconds since 1970; the session's zone is UTC. */
  static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

  private static final int CHUNK = 500;
  private static final int MOST_RECENT = 20_000;

  private static final String COLUMNS =
      "id, at, kind, queue, job_id, execution_id, payload, " + NOW + " AS read_at";

  private EventRows() {}

  /** A row that is to be written. */
  record NewRow(
      String kind,
      String namespace,
      @Nullable String queue,
      @Nullable String jobId,
      @Nullable String executionId,
      String payload) {}

  /**
   * A row as it was read.
   *
   * @param readAt when, by the database's clock
   */
  record Row(
      long id,
      long at,
      String kind,
      @Nullable String queue,
      @Nullable String jobId,
      @Nullable String executionId,
      String payload,
      long readAt) {}

  static void insert(Connection connection, List<NewRow> rows) throws SQLException {
    for (int from = 0; from < rows.size(); from += CHUNK) {
      List<List<@Nullable Object>> values = new ArrayList<>();
      for (NewRow row : rows.subList(from, Math.min(rows.size(), from + CHUNK))) {
        List<@Nullable Object> one = new ArrayList<>();
        one.add(row.kind());
        one.add(row.namespace());
        one.add(row.queue());
        one.add(row.jobId());
        one.add(row.executionId());
        one.add(row.payload());
        values.add(one);
      }
      Sql.insert(
          connection,
          """
          INSERT INTO event (at, kind, namespace, queue, job_id, execution_id, payload)
          VALUES (%s, ?, ?, ?, ?, ?, ?)
          """
              .formatted(NOW),
          values);
    }
  }

  /** What has come since, and what was missing, in order of ids. By primary key. */
  static List<Row> read(Connection connection, long after, List<Hole> holes) throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(after);
    values.add(PAGE);
    if (holes.isEmpty()) {
      return Sql.query(
          connection,
          """
          SELECT %s FROM event
          WHERE id > ?
          ORDER BY id
          LIMIT ?
          """
              .formatted(COLUMNS),
          EventRows::row,
          values);
    }
    List<Object> missing = new ArrayList<>();
    int padded = Integer.highestOneBit(Math.max(1, holes.size() * 2 - 1));
    for (int i = 0; i < padded; i++) {
      Hole hole = holes.get(Math.min(i, holes.size() - 1));
      missing.add(hole.from());
      missing.add(hole.to());
    }
    missing.add(PAGE);
    missing.addAll(values);
    String ranges =
        String.join(" OR ", java.util.Collections.nCopies(padded, "id BETWEEN ? AND ?"));
    return Sql.query(
        connection,
        """
        (SELECT %s FROM event
        WHERE %s
        ORDER BY id
        LIMIT ?)
        UNION ALL
        (SELECT %s FROM event
        WHERE id > ?
        ORDER BY id
        LIMIT ?)
        ORDER BY id
        """
            .formatted(COLUMNS, ranges, COLUMNS),
        EventRows::row,
        missing);
  }

  /** What lies between two ids, the first not included, at most so many. By primary key. */
  static List<Row> between(Connection connection, long after, long to, int most)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT %s FROM event
        WHERE id > ? AND id <= ?
        ORDER BY id
        LIMIT ?
        """
            .formatted(COLUMNS),
        EventRows::row,
        after,
        to,
        most);
  }

  /** The ids of the last rows, ascending, and the one before them. Index event_by_time. */
  static List<Long> recent(Connection connection, Duration span) throws SQLException {
    List<Long> ids =
        new ArrayList<>(
            Sql.query(
                connection,
                """
                SELECT id FROM event
                WHERE at >= %s - ?
                ORDER BY id DESC
                LIMIT ?
                """
                    .formatted(NOW),
                row -> row.getLong(1),
                span.toMillis(),
                MOST_RECENT));
    ids.sort(null);
    long first = ids.isEmpty() ? Long.MAX_VALUE : ids.get(0);
    Sql.queryOne(
            connection,
            """
            SELECT MAX(id) FROM event
            WHERE id < ?
            """,
            row -> row.getLong(1),
            first)
        .ifPresent(before -> ids.add(0, before));
    return ids;
  }

  /** The largest id; 0 if there is no row. */
  static long last(Connection connection) throws SQLException {
    return Sql.queryOne(connection, "SELECT MAX(id) FROM event", row -> row.getLong(1)).orElse(0L);
  }

  /** The smallest id; 0 if there is no row. */
  static long first(Connection connection) throws SQLException {
    return Sql.queryOne(connection, "SELECT MIN(id) FROM event", row -> row.getLong(1)).orElse(0L);
  }

  /**
   * Removes old rows from the front, and keeps the newest of the old ones. Two statements.
   *
   * @return how many
   */
  static int removeOlder(Connection connection, Duration age, int most) throws SQLException {
    long newestOfOld =
        Sql.queryOne(
                connection,
                """
                SELECT id FROM event
                WHERE at < %s - ?
                ORDER BY at DESC, id DESC
                LIMIT 1
                """
                    .formatted(NOW),
                row -> row.getLong(1),
                age.toMillis())
            .orElse(0L);
    return newestOfOld == 0
        ? 0
        : Sql.update(
            connection,
            """
            DELETE FROM event
            WHERE id < ?
            ORDER BY id
            LIMIT ?
            """,
            newestOfOld,
            most);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getLong("at"),
        row.getString("kind"),
        row.getString("queue"),
        row.getString("job_id"),
        row.getString("execution_id"),
        row.getString("payload"),
        row.getLong("read_at"));
  }
}
