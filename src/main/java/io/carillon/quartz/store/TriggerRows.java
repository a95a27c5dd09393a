package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * QRTZ_TRIGGERS and its sub-tables for simple and cron triggers, in sets. Works on the caller's
 * transaction, which holds the lock row wherever this writes. Stateless but for the table names.
 */
final class TriggerRows {
  private static final String SELECT =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP, TRIGGER_STATE, DESCRIPTION, PRIORITY,
        NEXT_FIRE_TIME, PREV_FIRE_TIME, START_TIME, END_TIME, CALENDAR_NAME
      FROM QRTZ_TRIGGERS\s""";

  /** Every trigger of ours ignores misfires: its scheduled instant is never rewritten. */
  private static final int IGNORE_MISFIRES = -1;

  private final Tables tables;

  TriggerRows(Tables tables) {
    this.tables = tables;
  }

  /**
   * When the first waiting trigger is due; null if none waits. Takes no lock. Index
   * IDX_QRTZ_T_NFT_ST.
   */
  @Nullable Long firstDue(Connection connection) throws SQLException {
    String statement =
        """
        SELECT NEXT_FIRE_TIME
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING' AND NEXT_FIRE_TIME >= 0
        ORDER BY NEXT_FIRE_TIME
        LIMIT 1
        """;
    return Sql.queryOne(
            connection, tables.sql(statement), row -> row.getLong(1), tables.scheduler())
        .orElse(null);
  }

  /**
   * Locks waiting triggers that are due, oldest first. Index IDX_QRTZ_T_NFT_ST, in its own order.
   */
  List<TriggerRow> lockDue(Connection connection, long now, int most) throws SQLException {
    String statement =
        SELECT
            + """
            FORCE INDEX (IDX_QRTZ_T_NFT_ST)
            WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
              AND NEXT_FIRE_TIME >= 0 AND NEXT_FIRE_TIME <= ?
            ORDER BY NEXT_FIRE_TIME
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """;
    return select(connection, statement, List.of(tables.scheduler(), now, most));
  }

  /** The next planned instants of jobs' own triggers, unless paused. Primary key. Takes no lock. */
  Map<JobId, Instant> nextFires(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP, NEXT_FIRE_TIME
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s) AND TRIGGER_STATE = 'WAITING'
          AND NEXT_FIRE_TIME >= 0
        """
            .formatted(Sql.places(jobs.size()));
    Map<JobId, Instant> result = new HashMap<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> result.put(JobRows.id(row), Instant.ofEpochMilli(row.getLong(3))),
        JobRows.values(tables.scheduler(), jobs));
    result.keySet().retainAll(jobs);
    return result;
  }

  /** Locks all triggers of one job. Index IDX_QRTZ_T_J. */
  List<TriggerRow> lockOfJob(Connection connection, JobId job) throws SQLException {
    String statement =
        SELECT + "WHERE SCHED_NAME = ? AND JOB_NAME = ? AND JOB_GROUP = ? FOR UPDATE";
    return select(connection, statement, List.of(tables.scheduler(), job.value(), job.namespace()));
  }

  /** Of the triggers named, those that will not fire again. Primary key. */
  List<TriggerName> finishedAmong(Connection connection, Collection<TriggerName> names)
      throws SQLException {
    if (names.isEmpty()) {
      return List.of();
    }
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'COMPLETE' AND TRIGGER_NAME IN (%s)
        """
            .formatted(Sql.places(names.size()));
    List<TriggerName> found =
        Sql.query(connection, tables.sql(statement), TriggerRows::name, withNames(names));
    found.retainAll(names);
    return found;
  }

  /** Of the jobs named, those that still have a trigger. Index IDX_QRTZ_T_J. Takes no lock. */
  List<JobId> jobsWithTriggers(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT DISTINCT JOB_NAME, JOB_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_J)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        """
            .formatted(Sql.places(jobs.size()));
    return Sql.query(
        connection, tables.sql(statement), JobRows::id, JobRows.values(tables.scheduler(), jobs));
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
    String triggers =
        """
        INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
          DESCRIPTION, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME, END_TIME, NEXT_FIRE_TIME,
          PREV_FIRE_TIME, MISFIRE_INSTR)
        VALUES %s
        ON DUPLICATE KEY UPDATE TRIGGER_NAME = VALUES(TRIGGER_NAME)
        """;
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
        """
        INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
          DESCRIPTION, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME, END_TIME, NEXT_FIRE_TIME,
          PREV_FIRE_TIME, MISFIRE_INSTR)
        VALUES %s
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
    Sql.update(connection, tables.sql(statement), withNames(names));
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
    Sql.update(connection, tables.sql(statement), withNames(names));
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

  /** Deletes triggers with their sub-rows. Four statements. */
  void delete(Connection connection, Collection<TriggerName> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    List<Object> values = new ArrayList<>();
    names.forEach(name -> values.addAll(List.of(tables.scheduler(), name.name(), name.group())));
    for (String table : List.of("SIMPLE_TRIGGERS", "CRON_TRIGGERS", "TRIGGERS")) {
      String statement =
          """
          DELETE FROM QRTZ_%s
          WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s)
            AND (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP) IN (%s)
          """
              .formatted(table, Sql.places(names.size()), Sql.rows(names.size(), 3));
      List<@Nullable Object> all = new ArrayList<>(withNames(names));
      all.addAll(values);
      Sql.update(connection, tables.sql(statement), all);
    }
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

  private List<@Nullable Object> withNames(Collection<TriggerName> names) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    names.forEach(name -> values.add(name.name()));
    return values;
  }

  private List<TriggerRow> select(Connection connection, String statement, List<Object> values)
      throws SQLException {
    List<TriggerRow> rows = Sql.query(connection, tables.sql(statement), TriggerRows::map, values);
    return rows.isEmpty() ? rows : withKinds(connection, rows);
  }

  /**
   * Adds the sub-rows: one statement per sub-table. A trigger with a calendar or of another type
   * gets none.
   */
  private List<TriggerRow> withKinds(Connection connection, List<TriggerRow> rows)
      throws SQLException {
    List<@Nullable Object> names = withNames(rows.stream().map(TriggerRow::name).toList());
    String places = Sql.places(rows.size());
    Map<TriggerName, TriggerRow.Kind> kinds = new HashMap<>();
    String simple =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, REPEAT_COUNT, REPEAT_INTERVAL, TIMES_TRIGGERED
        FROM QRTZ_SIMPLE_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s)
        """;
    Sql.query(
        connection,
        tables.sql(simple.formatted(places)),
        row ->
            kinds.put(
                name(row), new TriggerRow.Simple(row.getLong(3), row.getLong(4), row.getLong(5))),
        names);
    String cron =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, CRON_EXPRESSION, TIME_ZONE_ID
        FROM QRTZ_CRON_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s)
        """;
    Sql.query(
        connection,
        tables.sql(cron.formatted(places)),
        row -> kinds.put(name(row), new TriggerRow.Cron(row.getString(3), row.getString(4))),
        names);
    return rows.stream().map(row -> row.withKind(kinds.get(row.name()))).toList();
  }

  private static TriggerName name(ResultSet row) throws SQLException {
    return new TriggerName(row.getString("TRIGGER_NAME"), row.getString("TRIGGER_GROUP"));
  }

  private static TriggerRow map(ResultSet row) throws SQLException {
    return new TriggerRow(
        name(row),
        JobRows.id(row),
        row.getString("TRIGGER_STATE"),
        row.getString("DESCRIPTION"),
        row.getInt("PRIORITY"),
        row.getLong("NEXT_FIRE_TIME"),
        row.getLong("PREV_FIRE_TIME"),
        row.getLong("START_TIME"),
        row.getLong("END_TIME"),
        null);
  }
}
