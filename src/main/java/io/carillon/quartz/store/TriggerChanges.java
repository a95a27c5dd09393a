package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes QRTZ_TRIGGERS and its sub-tables for simple, cron and our own triggers, in sets: a number
 * of statements that does not grow with the batch. Works on the caller's transaction, which holds
 * the lock row. Stateless but for the table names.
 */
final class TriggerChanges {
  /** MISFIRE_INSTR -1: misfires are ignored, so that a scheduled instant is never rewritten. */
  private static final String INSERT =
      """
      INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
        DESCRIPTION, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME, END_TIME, NEXT_FIRE_TIME,
        PREV_FIRE_TIME, MISFIRE_INSTR)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, -1)
      """;

  private static final List<String> SUB_TABLES =
      List.of("SIMPLE_TRIGGERS", "CRON_TRIGGERS", "SIMPROP_TRIGGERS", "BLOB_TRIGGERS");

  private final Tables tables;

  TriggerChanges(Tables tables) {
    this.tables = tables;
  }

  /** Inserts triggers; those that are there already stay as they are. Four statements at most. */
  void insert(Connection connection, Collection<TriggerRow> rows) throws SQLException {
    String statement = INSERT + "ON DUPLICATE KEY UPDATE TRIGGER_NAME = VALUES(TRIGGER_NAME)";
    Sql.insert(connection, tables.sql(statement), rows.stream().map(this::values).toList());
    upsertSimple(connection, rows);
    List<List<@Nullable Object>> crons = new ArrayList<>();
    for (TriggerRow row : rows) {
      if (row.kind() instanceof TriggerRow.Cron kind) {
        crons.add(
            Arrays.asList(
                tables.scheduler(),
                row.name().name(),
                row.name().group(),
                kind.expression(),
                kind.zone()));
      }
    }
    String cron =
        """
        INSERT INTO QRTZ_CRON_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, CRON_EXPRESSION,
          TIME_ZONE_ID)
        VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE CRON_EXPRESSION = VALUES(CRON_EXPRESSION),
          TIME_ZONE_ID = VALUES(TIME_ZONE_ID)
        """;
    Sql.insert(connection, tables.sql(cron), crons);
    upsertOwn(connection, rows);
  }

  /** Moves recurring triggers on to their next instant. Three statements at most. */
  void advance(Connection connection, Collection<TriggerRow> rows) throws SQLException {
    String statement =
        INSERT
            + """
            ON DUPLICATE KEY UPDATE NEXT_FIRE_TIME = VALUES(NEXT_FIRE_TIME),
              PREV_FIRE_TIME = VALUES(PREV_FIRE_TIME)
            """;
    Sql.insert(connection, tables.sql(statement), rows.stream().map(this::values).toList());
    upsertSimple(connection, rows);
    upsertOwn(connection, rows);
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

  /** Lets queued triggers go on, due at an instant. Primary key. */
  void release(Connection connection, Collection<TriggerName> names, String state, Instant now)
      throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        UPDATE QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        SET TRIGGER_STATE = ?, NEXT_FIRE_TIME = ?
        WHERE %s AND TRIGGER_STATE = 'QUEUED'
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    List<@Nullable Object> values = new ArrayList<>(List.of(state, now));
    values.addAll(keys.values());
    Sql.update(connection, tables.sql(statement.formatted(keys.condition())), values);
  }

  /** Changes the state of triggers that are in another. Primary key. @return how many */
  int move(Connection connection, Collection<TriggerName> names, String from, String to)
      throws SQLException {
    if (names.isEmpty()) {
      return 0;
    }
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    List<@Nullable Object> values = keys.after(to);
    values.add(from);
    String statement =
        """
        UPDATE QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        SET TRIGGER_STATE = ?
        WHERE %s AND TRIGGER_STATE = ?
        """;
    return Sql.update(connection, tables.sql(statement.formatted(keys.condition())), values);
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

  private void upsertSimple(Connection connection, Collection<TriggerRow> rows)
      throws SQLException {
    List<List<@Nullable Object>> simple = new ArrayList<>(rows.size());
    for (TriggerRow row : rows) {
      if (row.kind() instanceof TriggerRow.Simple kind) {
        simple.add(
            Arrays.asList(
                tables.scheduler(),
                row.name().name(),
                row.name().group(),
                kind.repeatCount(),
                kind.interval(),
                kind.timesTriggered()));
      }
    }
    String statement =
        """
        INSERT INTO QRTZ_SIMPLE_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, REPEAT_COUNT,
          REPEAT_INTERVAL, TIMES_TRIGGERED)
        VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE TIMES_TRIGGERED = VALUES(TIMES_TRIGGERED)
        """;
    Sql.insert(connection, tables.sql(statement), simple);
  }

  private void upsertOwn(Connection connection, Collection<TriggerRow> rows) throws SQLException {
    List<List<@Nullable Object>> own = new ArrayList<>();
    for (TriggerRow row : rows) {
      if (row.kind() instanceof TriggerRow.Own kind) {
        own.add(
            Arrays.asList(
                tables.scheduler(),
                row.name().name(),
                row.name().group(),
                kind.plan(),
                kind.zone(),
                kind.rules(),
                kind.planned()));
      }
    }
    String statement =
        """
        INSERT INTO QRTZ_SIMPROP_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, STR_PROP_1,
          STR_PROP_2, STR_PROP_3, LONG_PROP_1)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE LONG_PROP_1 = VALUES(LONG_PROP_1)
        """;
    Sql.insert(connection, tables.sql(statement), own);
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
        row.previousFireTime());
  }
}
