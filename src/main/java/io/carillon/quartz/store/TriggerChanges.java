package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes QRTZ_TRIGGERS and its sub-tables for simple and cron triggers, in sets: a number of
 * statements that does not grow with the batch. Works on the caller's transaction, which holds the
 * lock row. Stateless but for the table names.
 */
final class TriggerChanges {
  /** Every trigger of ours ignores misfires: its scheduled instant is never rewritten. */
  private static final int IGNORE_MISFIRES = -1;

  private static final String INSERT =
      """
      INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
        DESCRIPTION, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME, END_TIME, NEXT_FIRE_TIME,
        PREV_FIRE_TIME, MISFIRE_INSTR)
      VALUES %s
      """;

  private static final List<String> SUB_TABLES =
      List.of("SIMPLE_TRIGGERS", "CRON_TRIGGERS", "SIMPROP_TRIGGERS", "BLOB_TRIGGERS");

  private final Tables tables;

  TriggerChanges(Tables tables) {
    this.tables = tables;
  }

  /** Inserts triggers; those that are there already stay as they are. Three statements at most. */
  void insert(Connection connection, Collection<TriggerRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    List<@Nullable Object> values = new ArrayList<>();
    List<@Nullable Object> simple = new ArrayList<>();
    List<@Nullable Object> cron = new ArrayList<>();
    for (TriggerRow row : rows) {
      values.addAll(values(row));
      String[] key = {tables.scheduler(), row.name().name(), row.name().group()};
      if (row.kind() instanceof TriggerRow.Simple kind) {
        simple.addAll(List.of(key));
        simple.addAll(List.of(kind.repeatCount(), kind.interval(), kind.timesTriggered()));
      } else if (row.kind() instanceof TriggerRow.Cron kind) {
        cron.addAll(List.of(key));
        cron.addAll(List.of(kind.expression(), kind.zone()));
      }
    }
    String triggers = INSERT + "ON DUPLICATE KEY UPDATE TRIGGER_NAME = VALUES(TRIGGER_NAME)";
    Sql.update(connection, tables.sql(triggers.formatted(Sql.rows(rows.size(), 14))), values);
    upsertSimple(connection, simple);
    String crons =
        """
        INSERT INTO QRTZ_CRON_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, CRON_EXPRESSION,
          TIME_ZONE_ID)
        VALUES %s
        ON DUPLICATE KEY UPDATE CRON_EXPRESSION = VALUES(CRON_EXPRESSION),
          TIME_ZONE_ID = VALUES(TIME_ZONE_ID)
        """;
    if (!cron.isEmpty()) {
      Sql.update(connection, tables.sql(crons.formatted(Sql.rows(cron.size() / 5, 5))), cron);
    }
  }

  /** Moves recurring triggers on to their next instant. Two statements at most. */
  void advance(Connection connection, Collection<TriggerRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    List<@Nullable Object> values = new ArrayList<>();
    List<@Nullable Object> simple = new ArrayList<>();
    for (TriggerRow row : rows) {
      values.addAll(values(row));
      if (row.kind() instanceof TriggerRow.Simple kind) {
        simple.addAll(List.of(tables.scheduler(), row.name().name(), row.name().group()));
        simple.addAll(List.of(kind.repeatCount(), kind.interval(), kind.timesTriggered()));
      }
    }
    String triggers =
        INSERT
            + """
            ON DUPLICATE KEY UPDATE NEXT_FIRE_TIME = VALUES(NEXT_FIRE_TIME),
              PREV_FIRE_TIME = VALUES(PREV_FIRE_TIME)
            """;
    Sql.update(connection, tables.sql(triggers.formatted(Sql.rows(rows.size(), 14))), values);
    upsertSimple(connection, simple);
  }

  /** Marks waiting triggers that have fired for the last time. */
  void finish(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        UPDATE QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        SET TRIGGER_STATE = 'COMPLETE', PREV_FIRE_TIME = NEXT_FIRE_TIME, NEXT_FIRE_TIME = -1
        WHERE %s AND TRIGGER_STATE = 'WAITING'
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Sql.update(connection, tables.sql(statement.formatted(keys.condition())), keys.values());
  }

  /** Parks triggers that cannot be read, so that the rest goes on. */
  void park(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        UPDATE QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        SET TRIGGER_STATE = 'ERROR'
        WHERE %s AND TRIGGER_STATE = 'WAITING'
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Sql.update(connection, tables.sql(statement.formatted(keys.condition())), keys.values());
  }

  /** Changes the state of all triggers of a job that are in another. @return how many */
  int changeState(Connection connection, JobId job, String from, String to) throws SQLException {
    String statement =
        """
        UPDATE QRTZ_TRIGGERS
        SET TRIGGER_STATE = ?
        WHERE SCHED_NAME = ? AND JOB_NAME = ? AND JOB_GROUP = ? AND TRIGGER_STATE = ?
        """;
    return Sql.update(
        connection,
        tables.sql(statement),
        to,
        tables.scheduler(),
        job.value(),
        job.namespace(),
        from);
  }

  /** Deletes triggers of any type with their sub-rows. Five statements. */
  void delete(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    for (String table : SUB_TABLES) {
      delete(connection, table, names);
    }
    delete(connection, "TRIGGERS", names);
  }

  /**
   * Deletes triggers with their sub-rows. One statement, and one for each type.
   *
   * @param types TRIGGER_TYPE of each
   */
  void delete(Connection connection, Map<TriggerName, String> types) throws SQLException {
    if (types.isEmpty()) {
      return;
    }
    Map<String, List<TriggerName>> byTable = new TreeMap<>();
    types.forEach(
        (name, type) ->
            byTable.computeIfAbsent(subTable(type), table -> new ArrayList<>()).add(name));
    for (Map.Entry<String, List<TriggerName>> entry : byTable.entrySet()) {
      delete(connection, entry.getKey(), entry.getValue());
    }
    delete(connection, "TRIGGERS", types.keySet());
  }

  private static String subTable(String type) {
    return switch (type) {
      case TriggerRow.Simple.TYPE -> "SIMPLE_TRIGGERS";
      case TriggerRow.Cron.TYPE -> "CRON_TRIGGERS";
      case "BLOB" -> "BLOB_TRIGGERS";
      default -> "SIMPROP_TRIGGERS";
    };
  }

  /** By primary key. The form with a table's name before FROM: the other takes no hint. */
  private void delete(Connection connection, String table, Collection<TriggerName> names)
      throws SQLException {
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    String statement =
        """
        DELETE gone FROM QRTZ_%s AS gone FORCE INDEX (PRIMARY)
        WHERE %s
        """
            .formatted(table, keys.condition());
    Sql.update(connection, tables.sql(statement), keys.values());
  }

  private void upsertSimple(Connection connection, List<@Nullable Object> values)
      throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    String statement =
        """
        INSERT INTO QRTZ_SIMPLE_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, REPEAT_COUNT,
          REPEAT_INTERVAL, TIMES_TRIGGERED)
        VALUES %s
        ON DUPLICATE KEY UPDATE TIMES_TRIGGERED = VALUES(TIMES_TRIGGERED)
        """;
    Sql.update(connection, tables.sql(statement.formatted(Sql.rows(values.size() / 6, 6))), values);
  }

  private List<@Nullable Object> values(TriggerRow row) {
    return Arrays.asList(
        tables.scheduler(),
        row.name().name(),
        row.name().group(),
        row.requireJob().value(),
        row.requireJob().namespace(),
        row.description(),
        row.priority(),
        row.state(),
        row.kind() == null ? "" : row.kind().type(),
        row.startTime(),
        row.endTime(),
        row.nextFireTime(),
        row.previousFireTime(),
        IGNORE_MISFIRES);
  }
}
