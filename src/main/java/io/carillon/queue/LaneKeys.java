package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.Lane;
import io.carillon.execution.Lane.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A condition that names lanes by ranges of the primary key.
 *
 * @param condition to be put behind {@code WHERE}
 * @param values what it binds, in order
 */
record LaneKeys(String condition, List<@Nullable Object> values) {

  /**
   * @param column that has the lane's name
   * @param lanes not empty
   */
  static LaneKeys of(String column, Collection<Lane> lanes) {
    Map<String, List<Lane>> byKind = new TreeMap<>();
    for (Lane lane : new TreeSet<>(lanes)) {
      byKind
          .computeIfAbsent(lane.namespace() + '\n' + lane.kind(), key -> new ArrayList<>())
          .add(lane);
    }
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (List<Lane> same : byKind.values()) {
      parts.add(
          "(namespace = ? AND kind = ? AND %s IN (%s))"
              .formatted(column, Sql.paddedPlaces(same.size())));
      values.add(same.get(0).namespace());
      values.add(same.get(0).kind());
      Sql.pad(values, same.stream().map(Lane::name).toList());
    }
    return new LaneKeys("(" + String.join(" OR ", parts) + ")", values);
  }

  /** These values behind others. */
  List<@Nullable Object> after(@Nullable Object... others) {
    List<@Nullable Object> all = new ArrayList<>(Arrays.asList(others));
    all.addAll(values);
    return all;
  }

  /** Of a row that has namespace, kind, and the name in the given column. */
  static Lane read(ResultSet row, String column) throws SQLException {
    return new Lane(
        row.getString("namespace"), Kind.valueOf(row.getString("kind")), row.getString(column));
  }
}
