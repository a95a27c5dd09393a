package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads QRTZ_SIMPLE_TRIGGERS and QRTZ_CRON_TRIGGERS for rows of QRTZ_TRIGGERS, and those only that
 * are there: a statement for each type. Works on the caller's transaction. Stateless but for the
 * table names.
 */
final class SubRows {
  private final Tables tables;

  SubRows(Tables tables) {
    this.tables = tables;
  }

  /** A trigger row with its TRIGGER_TYPE. */
  record Typed(TriggerRow row, String type) {
    /** One with a calendar or of another type has its kind already. */
    TriggerRow withKind(Map<TriggerName, TriggerRow.Kind> kinds) {
      return row.kind() == null ? row.withKind(kinds.get(row.name())) : row;
    }
  }

  /** The rows with their sub-rows. */
  List<TriggerRow> join(Connection connection, Collection<Typed> rows) throws SQLException {
    Map<TriggerName, TriggerRow.Kind> kinds = new HashMap<>();
    readSimple(connection, names(rows, TriggerRow.Simple.TYPE), kinds);
    readCron(connection, names(rows, TriggerRow.Cron.TYPE), kinds);
    return rows.stream().map(typed -> typed.withKind(kinds)).toList();
  }

  private static List<TriggerName> names(Collection<Typed> rows, String type) {
    return rows.stream()
        .filter(typed -> typed.row().kind() == null && typed.type().equals(type))
        .map(typed -> typed.row().name())
        .toList();
  }

  private void readSimple(
      Connection connection, List<TriggerName> names, Map<TriggerName, TriggerRow.Kind> kinds)
      throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, REPEAT_COUNT, REPEAT_INTERVAL, TIMES_TRIGGERED
        FROM QRTZ_SIMPLE_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE %s
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Sql.query(
        connection,
        tables.sql(statement.formatted(keys.condition())),
        row ->
            kinds.put(
                name(row), new TriggerRow.Simple(row.getLong(3), row.getLong(4), row.getLong(5))),
        keys.values());
  }

  private void readCron(
      Connection connection, List<TriggerName> names, Map<TriggerName, TriggerRow.Kind> kinds)
      throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, CRON_EXPRESSION, TIME_ZONE_ID
        FROM QRTZ_CRON_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE %s
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Sql.query(
        connection,
        tables.sql(statement.formatted(keys.condition())),
        row -> kinds.put(name(row), new TriggerRow.Cron(row.getString(3), row.getString(4))),
        keys.values());
  }

  /** A row of QRTZ_TRIGGERS, without its sub-row. */
  static Typed trigger(ResultSet row) throws SQLException {
    TriggerRow trigger =
        new TriggerRow(
            name(row),
            JobRows.id(row),
            row.getString("TRIGGER_STATE"),
            row.getString("DESCRIPTION"),
            row.getInt("PRIORITY"),
            row.getLong("NEXT_FIRE_TIME"),
            row.getLong("PREV_FIRE_TIME"),
            row.getLong("START_TIME"),
            row.getLong("END_TIME"),
            other(row));
    return new Typed(trigger, row.getString("TRIGGER_TYPE"));
  }

  private static TriggerRow.@Nullable Kind other(ResultSet row) throws SQLException {
    String type = row.getString("TRIGGER_TYPE");
    String calendar = row.getString("CALENDAR_NAME");
    boolean covered =
        calendar == null
            && (type.equals(TriggerRow.Simple.TYPE) || type.equals(TriggerRow.Cron.TYPE));
    return covered ? null : new TriggerRow.Other(type, calendar);
  }

  /** Of a row that has TRIGGER_NAME and TRIGGER_GROUP. */
  static TriggerName name(ResultSet row) throws SQLException {
    return new TriggerName(row.getString("TRIGGER_NAME"), row.getString("TRIGGER_GROUP"));
  }
}
