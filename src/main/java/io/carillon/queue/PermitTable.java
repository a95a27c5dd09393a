package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.LaneRows.Taken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Table {@code permit}. Stateless. */
final class PermitTable {
  private static final Comparator<Permit> BY_KEY =
      Comparator.comparing(Permit::lane).thenComparing(permit -> permit.id().value());

  private PermitTable() {}

  /** Primary key; as many rows as run in the lanes. */
  static Map<Lane, Taken> taken(Connection connection, Collection<Lane> lanes) throws SQLException {
    Map<Lane, Taken> taken = new HashMap<>();
    if (lanes.isEmpty()) {
      return taken;
    }
    LaneKeys keys = LaneKeys.of("lane", lanes);
    Sql.query(
        connection,
        """
        SELECT namespace, kind, lane, COUNT(*), MIN(execution_id)
        FROM permit FORCE INDEX (PRIMARY)
        WHERE %s
        GROUP BY namespace, kind, lane
        """
            .formatted(keys.condition()),
        row ->
            taken.put(
                LaneKeys.read(row, "lane"),
                new Taken(row.getInt(4), new ExecutionId(row.getString(5)))),
        keys.values());
    return taken;
  }

  static void insert(Connection connection, Collection<Permit> permits) throws SQLException {
    List<List<@Nullable Object>> rows =
        permits.stream()
            .sorted(BY_KEY)
            .map(
                permit ->
                    List.<@Nullable Object>of(
                        permit.lane().namespace(),
                        permit.lane().kind(),
                        permit.lane().name(),
                        permit.id().value()))
            .toList();
    Sql.insert(
        connection,
        """
        INSERT INTO permit (namespace, kind, lane, execution_id)
        VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE execution_id = VALUES(execution_id)
        """,
        rows);
  }

  /** Index permit_by_execution. Takes no lock. */
  static List<Permit> of(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    return Sql.query(
        connection,
        """
        SELECT namespace, kind, lane, execution_id
        FROM permit FORCE INDEX (permit_by_execution)
        WHERE execution_id IN (%s)
        """
            .formatted(Sql.paddedPlaces(ids.size())),
        row ->
            new Permit(LaneKeys.read(row, "lane"), new ExecutionId(row.getString("execution_id"))),
        values);
  }

  /**
   * Index permit_by_execution.
   *
   * @param going keep their permits of kind FIFO
   */
  static void delete(
      Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going)
      throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    String kept = "";
    if (!going.isEmpty()) {
      kept =
          " AND NOT (kind = 'FIFO' AND execution_id IN (%s))"
              .formatted(Sql.paddedPlaces(going.size()));
      Sql.pad(values, going.stream().map(ExecutionId::value).toList());
    }
    Sql.update(
        connection,
        """
        DELETE gone FROM permit AS gone FORCE INDEX (permit_by_execution)
        WHERE execution_id IN (%s)%s
        """
            .formatted(Sql.paddedPlaces(ids.size()), kept),
        values);
  }
}
