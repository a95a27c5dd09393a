package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
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
        UPDATE QRTZ_TRIGGERS
        SET TRIGGER_STATE = 'COMPLETE', PREV_FIRE_TIME = NEXT_FIRE_TIME, NEXT_FIRE_TIME = -1
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s) AND TRIGGER_STATE = 'WAITING'
        """
            .formatted(Sql.places(names.size()));
    Sql.update(connection, tables.sql(statement), TriggerRows.values(tables.scheduler(), names));
  }

  /** Parks triggers that cannot be read, so that the rest goes on. */
  void park(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String statement =
        """
        UPDATE QRTZ_TRIGGERS
        SET TRIGGER_STATE = 'ERROR'
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s) AND TRIGGER_STATE = 'WAITING'
        """
            .formatted(Sql.places(names.size()));
    Sql.update(connection, tables.sql(statement), TriggerRows.values(tables.scheduler(), names));
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

  /**
   * Deletes triggers with their sub-rows. Three statements; two more if one is neither simple nor
   * cron.
   */
  void delete(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    int found = delete(connection, "SIMPLE_TRIGGERS", names);
    found += delete(connection, "CRON_TRIGGERS", names);
    if (found < names.size()) {
      delete(connection, "SIMPROP_TRIGGERS", names);
      delete(connection, "BLOB_TRIGGERS", names);
    }
    delete(connection, "TRIGGERS", names);
  }

  private int delete(Connection connection, String table, Collection<TriggerName> names)
      throws SQLException {
    String statement =
        """
        DELETE FROM QRTZ_%s
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s)
          AND (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP) IN (%s)
        """
            .formatted(table, Sql.places(names.size()), Sql.rows(names.size(), 3));
    List<@Nullable Object> values = TriggerRows.values(tables.scheduler(), names);
    names.forEach(name -> values.addAll(List.of(tables.scheduler(), name.name(), name.group())));
    return Sql.update(connection, tables.sql(statement), values);
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
