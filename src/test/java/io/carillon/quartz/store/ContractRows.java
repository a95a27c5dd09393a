package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A side's rows as operations staff see them. */
final class ContractRows {
  private static final List<String> TABLES =
      List.of(
          "FIRED_TRIGGERS",
          "SIMPLE_TRIGGERS",
          "CRON_TRIGGERS",
          "SIMPROP_TRIGGERS",
          "BLOB_TRIGGERS",
          "TRIGGERS",
          "JOB_DETAILS",
          "CALENDARS",
          "PAUSED_TRIGGER_GRPS");

  private ContractRows() {}

  static void clear(Side side) {
    for (String table : TABLES) {
      update(side, "DELETE FROM QRTZ_" + table + " WHERE SCHED_NAME = ?", side.scheduler());
    }
  }

  static int update(Side side, String sql, Object... values) {
    try (Connection connection = side.database().dataSource().getConnection()) {
      return Sql.update(connection, sql, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  static List<String> query(Side side, String sql, Object... values) {
    try (Connection connection = side.database().dataSource().getConnection()) {
      return Sql.query(connection, sql, row -> row.getString(1), values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** TRIGGER_STATE of a trigger's row; empty if there is none. */
  static String state(Side side, String trigger) {
    return String.join(
        ",",
        query(
            side,
            "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE SCHED_NAME = ? AND TRIGGER_NAME = ?",
            side.scheduler(),
            trigger));
  }

  static int firedRows(Side side) {
    return query(
            side, "SELECT ENTRY_ID FROM QRTZ_FIRED_TRIGGERS WHERE SCHED_NAME = ?", side.scheduler())
        .size();
  }
}
