package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads QRTZ_SIMPLE_TRIGGERS, QRTZ_CRON_TRIGGERS and QRTZ_SIMPROP_TRIGGERS for rows of
 * QRTZ_TRIGGERS, and those only that are there: a statement for each type. Works on the caller's
 * transaction. Stateless but for the table names.
 */
final class SubRows {
  private static final String SIMPLE =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, REPEAT_COUNT, REPEAT_INTERVAL, TIMES_TRIGGERED
      FROM QRTZ_SIMPLE_TRIGGERS FORCE INDEX (PRIMARY)
      WHERE %s
      """;

  private static final String CRON =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, CRON_EXPRESSION, TIME_ZONE_ID
      FROM QRTZ_CRON_TRIGGERS FORCE INDEX (PRIMARY)
      WHERE %s
      """;

  private static final String OWN =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, STR_PROP_1, STR_PROP_2, STR_PROP_3, LONG_PROP_1
      FROM QRTZ_SIMPROP_TRIGGERS FORCE INDEX (PRIMARY)
      WHERE %s
      """;

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
    read(connection, SIMPLE, names(rows, TriggerRow.Simple.TYPE), SubRows::simple, kinds);
    read(connection, CRON, names(rows, TriggerRow.Cron.TYPE), SubRows::cron, kinds);
    read(connection, OWN, names(rows, TriggerRow.Own.TYPE), SubRows::own, kinds);
    return rows.stream().map(typed -> typed.withKind(kinds)).toList();
  }

  private static List<TriggerName> names(Collection<Typed> rows, String type) {
    return rows.stream()
        .filter(typed -> typed.row().kind() == null && typed.type().equals(type))
        .map(typed -> typed.row().name())
        .toList();
  }

  private void read(
      Connection connection,
      String statement,
      List<TriggerName> names,
      Sql.Row<TriggerRow.Kind> kind,
      Map<TriggerName, TriggerRow.Kind> kinds)
      throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Sql.query(
        connection,
        tables.sql(statement.formatted(keys.condition())),
        row -> kinds.put(name(row), kind.map(row)),
        keys.values());
  }

  private static TriggerRow.Kind simple(ResultSet row) throws SQLException {
    return new TriggerRow.Simple(
        row.getLong("REPEAT_COUNT"),
        row.getLong("REPEAT_INTERVAL"),
        row.getLong("TIMES_TRIGGERED"));
  }

  private static TriggerRow.Kind cron(ResultSet row) throws SQLException {
    return new TriggerRow.Cron(row.getString("CRON_EXPRESSION"), row.getString("TIME_ZONE_ID"));
  }

  private static TriggerRow.Kind own(ResultSet row) throws SQLException {
    return new TriggerRow.Own(
        row.getLong("LONG_PROP_1"),
        text(row, "STR_PROP_1"),
        text(row, "STR_PROP_2"),
        text(row, "STR_PROP_3"));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNullElse(row.getString(column), "");
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
            && (type.equals(TriggerRow.Simple.TYPE)
                || type.equals(TriggerRow.Cron.TYPE)
                || type.equals(TriggerRow.Own.TYPE));
    return covered ? null : new TriggerRow.Other(type, calendar);
  }

  /** Of a row that has TRIGGER_NAME and TRIGGER_GROUP. */
  static TriggerName name(ResultSet row) throws SQLException {
    return new TriggerName(row.getString("TRIGGER_NAME"), row.getString("TRIGGER_GROUP"));
  }
}
