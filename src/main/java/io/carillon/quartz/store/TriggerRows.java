package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads QRTZ_TRIGGERS and its sub-tables for simple and cron triggers, in sets. Works on the
 * caller's transaction, which holds the lock row wherever this writes. Stateless but for the table
 * names.
 */
final class TriggerRows {
  private static final String SELECT =
      """
      SELECT TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP, TRIGGER_STATE, TRIGGER_TYPE,
        DESCRIPTION, PRIORITY, NEXT_FIRE_TIME, PREV_FIRE_TIME, START_TIME, END_TIME, CALENDAR_NAME
      FROM QRTZ_TRIGGERS\s""";

  /** When the youngest of a full batch is late by so much, there is more than one batch waiting. */
  static final long BACKLOG_MILLIS = 500;

  private final Tables tables;
  private final SubRows subRows;

  TriggerRows(Tables tables) {
    this.tables = tables;
    this.subRows = new SubRows(tables);
  }

  /**
   * Locks waiting triggers that are due, oldest first. Behind a backlog the last quarter of a batch
   * goes to the youngest, so that what comes due meanwhile is on time, and the oldest move on all
   * the same. Index IDX_QRTZ_T_NFT_ST, in its own order or backwards.
   *
   * @param from none that was due before: the entries of what was fired lately, which stand there
   *     until they are purged, cost as much to pass as live ones
   */
  List<TriggerRow> lockDue(Connection connection, long from, long now, int most)
      throws SQLException {
    int share =
        most >= 4 ? shareOfYoungest(most) : now % 4 == 3 && hasManyDue(connection, now) ? 1 : 0;
    Map<TriggerName, SubRows.Typed> due = new LinkedHashMap<>();
    List<SubRows.Typed> oldest = lockDue(connection, from, now, most - share, "");
    oldest.forEach(typed -> due.put(typed.row().name(), typed));
    boolean isBacklog =
        share > 0
            && oldest.size() == most - share
            && (oldest.isEmpty()
                || oldest.get(oldest.size() - 1).row().nextFireTime() < now - BACKLOG_MILLIS);
    if (isBacklog) {
      lockDue(connection, from, now, share, "DESC")
          .forEach(typed -> due.put(typed.row().name(), typed));
    }
    return subRows.join(connection, due.values());
  }

  /** Locks triggers by name that are in a state. Primary key. */
  List<TriggerRow> lockIn(
      Connection connection, Collection<TriggerName> names, String state, boolean waiting)
      throws SQLException {
    if (names.isEmpty()) {
      return List.of();
    }
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    List<@Nullable Object> values = new ArrayList<>(keys.values());
    values.add(state);
    String statement =
        SELECT
            + "FORCE INDEX (PRIMARY) WHERE %s AND TRIGGER_STATE = ? FOR UPDATE %s"
                .formatted(keys.condition(), waiting ? "" : "SKIP LOCKED");
    return select(connection, statement, values);
  }

  /** What of a batch is kept for the youngest of a backlog; without one it stays empty. */
  static int shareOfYoungest(int batch) {
    return batch / 4;
  }

  /** Whether so many are due that batches of a few take long to get through them. Takes no lock. */
  private boolean hasManyDue(Connection connection, long now) throws SQLException {
    String statement =
        """
        SELECT 1
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
          AND NEXT_FIRE_TIME >= 0 AND NEXT_FIRE_TIME <= ?
        ORDER BY NEXT_FIRE_TIME
        LIMIT 1 OFFSET 32
        """;
    return Sql.queryOne(connection, tables.sql(statement), row -> true, tables.scheduler(), now)
        .isPresent();
  }

  private List<SubRows.Typed> lockDue(
      Connection connection, long from, long now, int most, String order) throws SQLException {
    if (most == 0) {
      return List.of();
    }
    String statement =
        SELECT
            + """
            FORCE INDEX (IDX_QRTZ_T_NFT_ST)
            WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
              AND NEXT_FIRE_TIME >= ? AND NEXT_FIRE_TIME <= ?
            ORDER BY NEXT_FIRE_TIME %s
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """
                .formatted(order);
    return Sql.query(
        connection,
        tables.sql(statement),
        SubRows::trigger,
        tables.scheduler(),
        Math.max(0, from),
        now,
        most);
  }

  /**
   * The next planned instants of jobs' own triggers, unless paused: without what jitter adds.
   * Primary keys. Takes no lock.
   */
  Map<JobId, Instant> nextFires(Connection connection, Collection<JobId> jobs) throws SQLException {
    return planned(connection, jobs, "AND t.TRIGGER_STATE = 'WAITING'");
  }

  /** The same of all that are planned, whatever their states. Primary keys. Takes no lock. */
  Map<JobId, Instant> standing(Connection connection, Collection<JobId> jobs) throws SQLException {
    return planned(connection, jobs, "");
  }

  private Map<JobId, Instant> planned(
      Connection connection, Collection<JobId> jobs, String condition) throws SQLException {
    if (jobs.isEmpty()) {
      return Map.of();
    }
    String statement =
        """
        SELECT t.JOB_NAME, t.JOB_GROUP, COALESCE(own.LONG_PROP_1, t.NEXT_FIRE_TIME)
        FROM QRTZ_TRIGGERS AS t FORCE INDEX (PRIMARY)
          LEFT JOIN QRTZ_SIMPROP_TRIGGERS AS own FORCE INDEX (PRIMARY)
            ON t.TRIGGER_TYPE = 'CARILLON' AND own.SCHED_NAME = t.SCHED_NAME
              AND own.TRIGGER_NAME = t.TRIGGER_NAME AND own.TRIGGER_GROUP = t.TRIGGER_GROUP
        WHERE t.SCHED_NAME = ? AND t.TRIGGER_NAME IN (%s) AND t.NEXT_FIRE_TIME >= 0 %s
        """
            .formatted(Sql.paddedPlaces(jobs.size()), condition);
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

  /**
   * The names and states of the triggers of single executions of some jobs: retries, runs by hand,
   * and those that wait for others. Index IDX_QRTZ_T_J. Takes no lock.
   */
  List<Single> ofExecutions(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP, TRIGGER_STATE, NEXT_FIRE_TIME
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_J)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s) AND TRIGGER_NAME LIKE 'execution/%%'
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    return Sql.query(
            connection,
            tables.sql(statement),
            row ->
                new Single(
                    SubRows.name(row),
                    JobRows.id(row),
                    row.getString("TRIGGER_STATE"),
                    Instant.ofEpochMilli(row.getLong("NEXT_FIRE_TIME"))),
            JobRows.values(tables.scheduler(), jobs))
        .stream()
        .filter(single -> single.job() != null && jobs.contains(single.job()))
        .toList();
  }

  /**
   * A trigger of one execution.
   *
   * @param due when it was to go on; of one that is queued, when that was done
   */
  record Single(TriggerName name, @Nullable JobId job, String state, Instant due) {
    boolean isQueued() {
      return state.equals(TriggerRow.QUEUED);
    }
  }

  /** Locks all triggers of some jobs, whatever their states. Index IDX_QRTZ_T_J. */
  List<TriggerRow> lockOfJobs(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        SELECT
            + "FORCE INDEX (IDX_QRTZ_T_J) WHERE SCHED_NAME = ? AND JOB_NAME IN (%s) FOR UPDATE"
                .formatted(Sql.paddedPlaces(jobs.size()));
    return select(connection, statement, JobRows.values(tables.scheduler(), jobs)).stream()
        .filter(row -> row.job() != null && jobs.contains(row.job()))
        .toList();
  }

  /** Of the names, those that a trigger has, in whichever group. Primary key. Takes no lock. */
  Set<String> namesAmong(Connection connection, Collection<String> names) throws SQLException {
    if (names.isEmpty()) {
      return Set.of();
    }
    String statement =
        """
        SELECT TRIGGER_NAME
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND TRIGGER_NAME IN (%s)
        """
            .formatted(Sql.paddedPlaces(names.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, List.copyOf(names));
    return new HashSet<>(
        Sql.query(connection, tables.sql(statement), row -> row.getString(1), values));
  }

  /**
   * Of the triggers named, those that have fired for the last time, with their TRIGGER_TYPE.
   * Primary key. Takes no lock.
   */
  Map<TriggerName, String> finishedAmong(Connection connection, Collection<TriggerName> names)
      throws SQLException {
    if (names.isEmpty()) {
      return Map.of();
    }
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, TRIGGER_TYPE
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE %s AND TRIGGER_STATE = 'COMPLETE'
        """;
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    Map<TriggerName, String> finished = new HashMap<>();
    Sql.query(
        connection,
        tables.sql(statement.formatted(keys.condition())),
        row -> finished.put(SubRows.name(row), row.getString("TRIGGER_TYPE")),
        keys.values());
    return finished;
  }

  /** Of the jobs named, those that still have a trigger. Index IDX_QRTZ_T_J. Takes no lock. */
  List<JobId> jobsWithTriggers(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT DISTINCT JOB_NAME, JOB_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_J)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    return Sql.query(
        connection, tables.sql(statement), JobRows::id, JobRows.values(tables.scheduler(), jobs));
  }

  private List<TriggerRow> select(
      Connection connection, String statement, List<? extends @Nullable Object> values)
      throws SQLException {
    return subRows.join(
        connection, Sql.query(connection, tables.sql(statement), SubRows::trigger, values));
  }
}
