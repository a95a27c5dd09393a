package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a FIRED row says beside who runs it: that no node does any more, and its target's word is
 * awaited; that it shall be cancelled. As it is a FIRED row still, whoever asks what runs of a job
 * finds it. Works on the caller's transaction.
 */
final class FiredMarks {
  /** In place of a node; those have a dot in their names. */
  static final String AWAITING = "AWAITING";

  /** In place of EXECUTING. */
  static final String CANCELLING = "CANCELLING";

  private final Tables tables;

  FiredMarks(Tables tables) {
    this.tables = tables;
  }

  /** No node runs these any more; each only while it is still the given node's. @return how many */
  int await(Connection connection, Collection<FiredRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    List<String> nodes = rows.stream().map(FiredRow::node).distinct().toList();
    String statement =
        """
        UPDATE QRTZ_FIRED_TRIGGERS FORCE INDEX (PRIMARY)
        SET INSTANCE_NAME = '%s'
        WHERE SCHED_NAME = ? AND ENTRY_ID IN (%s) AND INSTANCE_NAME IN (%s)
        """
            .formatted(AWAITING, Sql.paddedPlaces(rows.size()), Sql.places(nodes.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, rows.stream().map(FiredRow::entry).toList());
    values.addAll(nodes);
    return Sql.update(connection, tables.sql(statement), values);
  }

  /** Whatever comes of these, they are not tried again. The rows are locked. */
  void cancelling(Connection connection, Collection<FiredRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    String statement =
        """
        UPDATE QRTZ_FIRED_TRIGGERS FORCE INDEX (PRIMARY)
        SET STATE = '%s'
        WHERE SCHED_NAME = ? AND ENTRY_ID IN (%s)
        """
            .formatted(CANCELLING, Sql.paddedPlaces(rows.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, rows.stream().map(FiredRow::entry).toList());
    Sql.update(connection, tables.sql(statement), values);
  }

  /** Some that await a word. Index IDX_QRTZ_FT_TRIG_INST_NAME. Takes no lock. */
  List<ExecutionId> awaiting(Connection connection, String after, int most) throws SQLException {
    String statement =
        """
        SELECT ENTRY_ID
        FROM QRTZ_FIRED_TRIGGERS
        WHERE SCHED_NAME = ? AND INSTANCE_NAME = ? AND ENTRY_ID > ?
        ORDER BY ENTRY_ID
        LIMIT ?
        """;
    return Sql.query(
            connection,
            tables.sql(statement),
            row -> ExecutionId.parse(row.getString(1)),
            tables.scheduler(),
            AWAITING,
            after,
            most)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** A FIRED row as it is looked at. */
  record Mark(Instant firedAt, boolean awaiting) {}

  /** Those of some executions that run, or await a word. Primary key. Takes no lock. */
  Map<ExecutionId, Mark> of(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    String statement =
        """
        SELECT ENTRY_ID, FIRED_TIME, INSTANCE_NAME
        FROM QRTZ_FIRED_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND ENTRY_ID IN (%s)
        """
            .formatted(Sql.paddedPlaces(ids.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    Map<ExecutionId, Mark> fired = new HashMap<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row ->
            fired.put(
                new ExecutionId(row.getString(1)),
                new Mark(Instant.ofEpochMilli(row.getLong(2)), AWAITING.equals(row.getString(3)))),
        values);
    return fired;
  }
}
