package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.Lane;
import io.carillon.execution.Turns;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Table {@code held}. Stateless. */
final class HeldTable {
  private static final String FIRST =
      """
      (SELECT * FROM held FORCE INDEX (PRIMARY)
        WHERE namespace = ? AND kind = ? AND lane = ? AND class = ?
        ORDER BY due_at, job_id, execution_id
        LIMIT ?)
      """;

  private static final String COUNT =
      """
      SELECT ? AS place, COUNT(*) AS waiting FROM (
        SELECT 1 FROM held FORCE INDEX (PRIMARY)
        WHERE namespace = ? AND kind = ? AND lane = ?
        LIMIT ?) AS some
      """;

  /** What has its turn already and waits, for another attempt, wherever it stands in the order. */
  private static final String HOLDER =
      """
      (SELECT held.*
        FROM permit FORCE INDEX (PRIMARY)
          STRAIGHT_JOIN held FORCE INDEX (held_by_execution)
            ON held.execution_id = permit.execution_id AND held.namespace = permit.namespace
              AND held.kind = permit.kind AND held.lane = permit.lane
        WHERE permit.namespace = ? AND permit.kind = ? AND permit.lane = ?
        ORDER BY permit.execution_id
        LIMIT 1)
      """;

  private static final Comparator<Held> IN_ORDER =
      Comparator.comparing(Held::lane)
          .thenComparing(Held::rank)
          .thenComparing(Held::place)
          .thenComparing(held -> held.jobId().value())
          .thenComparing(held -> held.id().value());

  private HeldTable() {}

  /** One that is there already stays where it is. */
  static void insert(Connection connection, Collection<Held> runs) throws SQLException {
    List<List<@Nullable Object>> rows =
        runs.stream()
            .sorted(IN_ORDER)
            .map(
                held ->
                    Arrays.<@Nullable Object>asList(
                        held.lane().namespace(),
                        held.lane().kind(),
                        held.lane().name(),
                        held.rank(),
                        held.place(),
                        held.id().value(),
                        held.attempt(),
                        held.jobId().namespace(),
                        held.jobId().value(),
                        held.queue(),
                        held.priority(),
                        held.host(),
                        held.reason(),
                        held.since()))
            .toList();
    Sql.insert(
        connection,
        """
        INSERT INTO held (namespace, kind, lane, class, due_at, execution_id, attempt,
          job_namespace, job_id, queue, priority, host, reason, since)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE attempt = VALUES(attempt), reason = VALUES(reason)
        """,
        rows);
  }

  /**
   * Primary key: a range for each class of each lane, no longer than what is asked for. Of the
   * order of a key whatever has its turn is among them, perhaps twice.
   */
  static List<Held> first(Connection connection, Map<Lane, Integer> lanes) throws SQLException {
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    new TreeMap<>(lanes)
        .forEach(
            (lane, most) -> {
              if (lane.kind() == Lane.Kind.FIFO && most > 0) {
                parts.add(HOLDER);
                values.addAll(List.of(lane.namespace(), lane.kind(), lane.name()));
              }
              int classes = lane.kind().isStrict() ? 1 : Turns.CLASSES;
              for (int rank = 0; rank < classes && most > 0; rank++) {
                parts.add(FIRST);
                values.addAll(List.of(lane.namespace(), lane.kind(), lane.name(), rank, most));
              }
            });
    if (parts.isEmpty()) {
      return List.of();
    }
    return Sql.query(connection, String.join("UNION ALL\n", parts), HeldTable::read, values)
        .stream()
        .sorted(IN_ORDER)
        .toList();
  }

  private static Held read(ResultSet row) throws SQLException {
    return new Held(
        new ExecutionId(row.getString("execution_id")),
        row.getInt("attempt"),
        new JobId(row.getString("job_namespace"), row.getString("job_id")),
        row.getString("queue"),
        row.getInt("priority"),
        row.getString("host"),
        LaneKeys.read(row, "lane"),
        row.getString("reason"),
        Objects.requireNonNull(Sql.instant(row, "since")));
  }

  /** Primary key: a range for each lane, no longer than what is asked for. Takes no lock. */
  static Map<Lane, Integer> count(Connection connection, Map<Lane, Integer> lanes)
      throws SQLException {
    if (lanes.isEmpty()) {
      return Map.of();
    }
    List<Lane> order = List.copyOf(lanes.keySet());
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      Lane lane = order.get(i);
      values.addAll(
          List.of(i, lane.namespace(), lane.kind(), lane.name(), lanes.getOrDefault(lane, 1)));
    }
    Map<Lane, Integer> counts = new HashMap<>();
    Sql.query(
        connection,
        String.join("UNION ALL\n", Collections.nCopies(order.size(), COUNT)),
        row -> row.getInt(2) == 0 ? null : counts.put(order.get(row.getInt(1)), row.getInt(2)),
        values);
    return counts;
  }

  /** Index held_by_execution. */
  static void delete(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    Sql.update(
        connection,
        """
        DELETE gone FROM held AS gone FORCE INDEX (held_by_execution)
        WHERE execution_id IN (%s)
        """
            .formatted(Sql.paddedPlaces(ids.size())),
        values);
  }

  /** Those that wait of a job, with the attempt. Index held_by_job. Takes no lock. */
  static Map<ExecutionId, Integer> ofJob(Connection connection, JobId job) throws SQLException {
    Map<ExecutionId, Integer> found = new HashMap<>();
    Sql.query(
        connection,
        """
        SELECT execution_id, attempt FROM held FORCE INDEX (held_by_job)
        WHERE job_namespace = ? AND job_id = ?
        """,
        row -> found.put(new ExecutionId(row.getString(1)), row.getInt(2)),
        job.namespace(),
        job.value());
    return found;
  }

  /**
   * Lanes in which something waits and which nobody is to look at, or that are missing. Primary
   * keys: one look for each lane in which something waits. Takes no lock.
   */
  static List<Lane> asleep(Connection connection) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT waiting.namespace, waiting.kind, waiting.lane
        FROM (SELECT DISTINCT namespace, kind, lane FROM held FORCE INDEX (PRIMARY)) AS waiting
          LEFT JOIN lane FORCE INDEX (PRIMARY)
            ON lane.namespace = waiting.namespace AND lane.kind = waiting.kind
              AND lane.name = waiting.lane
        WHERE lane.ready_at IS NULL
        """,
        row -> LaneKeys.read(row, "lane"));
  }
}
