package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads QRTZ_TRIGGERS and its sub-tables for simple and cron triggers, in sets. Works on the
 * caller's transaction, which holds the lock row wherever this writes. Stateless but for the table
 * names.
 */
final class TriggerRows {
  private static final String SELECT =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP, TRIGGER_STATE, DESCRIPTION, PRIORITY,
        NEXT_FIRE_TIME, PREV_FIRE_TIME, START_TIME, END_TIME, CALENDAR_NAME
      FROM QRTZ_TRIGGERS\s""";

  /** When the youngest of a full batch is late by so much, there is more than one batch waiting. */
  private static final long BACKLOG_MILLIS = 500;

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
   * Locks waiting triggers that are due, oldest first. Behind a backlog the last quarter of a batch
   * goes to the youngest, so that what comes due meanwhile is on time, and the oldest move on all
   * the same. Index IDX_QRTZ_T_NFT_ST, in its own order or backwards.
   */
  List<TriggerRow> lockDue(Connection connection, long now, int most) throws SQLException {
    List<TriggerRow> oldest = lockDue(connection, now, most, "");
    int share = most < 4 ? (int) (now % 4 / 3) : most / 4;
    boolean isBacklog =
        share > 0
            && oldest.size() == most
            && oldest.get(most - 1).nextFireTime() < now - BACKLOG_MILLIS;
    if (!isBacklog) {
      return oldest;
    }
    Map<TriggerName, TriggerRow> due = new LinkedHashMap<>();
    oldest.subList(0, most - share).forEach(row -> due.put(row.name(), row));
    lockDue(connection, now, share, "DESC").forEach(row -> due.put(row.name(), row));
    return List.copyOf(due.values());
  }

  private List<TriggerRow> lockDue(Connection connection, long now, int most, String order)
      throws SQLException {
    String statement =
        SELECT
            + """
            FORCE INDEX (IDX_QRTZ_T_NFT_ST)
            WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
              AND NEXT_FIRE_TIME >= 0 AND NEXT_FIRE_TIME <= ?
            ORDER BY NEXT_FIRE_TIME %s
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """
                .formatted(order);
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
        Sql.query(
            connection,
            tables.sql(statement),
            TriggerRows::name,
            values(tables.scheduler(), names));
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
    List<@Nullable Object> names =
        values(tables.scheduler(), rows.stream().map(TriggerRow::name).toList());
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

  /**
   * The scheduler's name and then the names: for {@code WHERE SCHED_NAME = ? AND TRIGGER_NAME IN
   * (…)}.
   */
  static List<@Nullable Object> values(String scheduler, Collection<TriggerName> names) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(scheduler);
    names.forEach(name -> values.add(name.name()));
    return values;
  }
}
