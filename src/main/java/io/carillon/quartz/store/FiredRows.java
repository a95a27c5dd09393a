package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * QRTZ_FIRED_TRIGGERS in sets: one row per execution that a node is running. ENTRY_ID is the
 * execution's id, so the primary key refuses a second firing of an instant that still runs. Works
 * on the caller's transaction.
 */
final class FiredRows {
  /** With the type of the trigger where it has fired for the last time. */
  private static final String SELECT =
      """
      SELECT fired.ENTRY_ID, fired.INSTANCE_NAME, fired.FIRED_TIME, fired.TRIGGER_NAME,
        fired.TRIGGER_GROUP, fired.JOB_NAME, fired.JOB_GROUP, fired.IS_NONCONCURRENT, fired.STATE,
        ended.TRIGGER_TYPE AS FINISHED, TRUE AS PERMITTED
      FROM QRTZ_FIRED_TRIGGERS AS fired FORCE INDEX (%s)
      LEFT JOIN QRTZ_TRIGGERS AS ended FORCE INDEX (PRIMARY) ON ended.SCHED_NAME = fired.SCHED_NAME
        AND ended.TRIGGER_NAME = fired.TRIGGER_NAME AND ended.TRIGGER_GROUP = fired.TRIGGER_GROUP
        AND ended.TRIGGER_STATE = 'COMPLETE'
      WHERE fired.SCHED_NAME = ?\s""";

  private static final String BY_NODE = SELECT.formatted("IDX_QRTZ_FT_TRIG_INST_NAME");

  private final Tables tables;

  FiredRows(Tables tables) {
    this.tables = tables;
  }

  /**
   * A row.
   *
   * @param entry ENTRY_ID; of a row of ours, the execution's id
   * @param job null if it is none of ours
   * @param alone whether its job does not run beside itself: its other triggers are BLOCKED
   * @param finished TRIGGER_TYPE of its trigger, if that has fired for the last time; else null
   * @param permitted whether it has permits of lanes, or may have
   * @param cancelling whether somebody wants the execution cancelled
   */
  record FiredRow(
      String entry,
      String node,
      Instant firedAt,
      TriggerName trigger,
      @Nullable JobId job,
      boolean alone,
      @Nullable String finished,
      boolean permitted,
      boolean cancelling) {
    /** Whether no node runs it: its target's word is awaited. */
    boolean isAwaiting() {
      return node.equals(FiredMarks.AWAITING);
    }
  }

  void insert(Connection connection, Collection<Shot> shots) throws SQLException {
    if (shots.isEmpty()) {
      return;
    }
    String statement =
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE, JOB_NAME, JOB_GROUP,
          IS_NONCONCURRENT, REQUESTS_RECOVERY)
        VALUES %s
        """;
    List<@Nullable Object> values = new ArrayList<>();
    for (Shot shot : shots) {
      Firing firing = shot.firing();
      values.addAll(
          List.of(
              tables.scheduler(),
              firing.id().value(),
              shot.trigger().name().name(),
              shot.trigger().name().group(),
              firing.node(),
              firing.firedAt(),
              firing.scheduledAt(),
              shot.trigger().priority(),
              "EXECUTING",
              firing.job().id().value(),
              firing.job().id().namespace(),
              shot.alone() ? "1" : "0",
              "1"));
    }
    Sql.update(connection, tables.sql(statement.formatted(Sql.rows(shots.size(), 13))), values);
  }

  /** Locks rows without a look at their triggers. Primary key, and permit_by_execution. */
  List<FiredRow> lock(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    String statement =
        """
        SELECT ENTRY_ID, INSTANCE_NAME, FIRED_TIME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME,
          JOB_GROUP, IS_NONCONCURRENT, STATE, NULL AS FINISHED,
          EXISTS (SELECT 1 FROM permit FORCE INDEX (permit_by_execution)
            WHERE permit.execution_id = ENTRY_ID) AS PERMITTED
        FROM QRTZ_FIRED_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND ENTRY_ID IN (%s)
        FOR UPDATE
        """
            .formatted(Sql.paddedPlaces(ids.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, ids.stream().map(ExecutionId::value).toList());
    return Sql.query(connection, tables.sql(statement), FiredRows::map, values);
  }

  /** Locks rows by ENTRY_ID, whatever it is, with their finished triggers. Primary key. */
  List<FiredRow> lockEntries(Connection connection, Collection<String> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    String statement =
        SELECT.formatted("PRIMARY")
            + "AND fired.ENTRY_ID IN (%s) FOR UPDATE".formatted(Sql.paddedPlaces(ids.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, List.copyOf(ids));
    return Sql.query(connection, tables.sql(statement), FiredRows::map, values);
  }

  /** Locks the rows of nodes, oldest first. Index IDX_QRTZ_FT_TRIG_INST_NAME. */
  List<FiredRow> lockOfNodes(Connection connection, Collection<String> nodes, int most)
      throws SQLException {
    String statement =
        BY_NODE
            + "AND fired.INSTANCE_NAME IN (%s) LIMIT ? FOR UPDATE"
                .formatted(Sql.places(nodes.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    values.addAll(nodes);
    values.add(most);
    return Sql.query(connection, tables.sql(statement), FiredRows::map, values);
  }

  /** What runs for some jobs, on any node. Index IDX_QRTZ_FT_J_G. Takes no lock. */
  List<FiredRow> ofJobs(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        SELECT.formatted("IDX_QRTZ_FT_J_G")
            + "AND fired.JOB_NAME IN (%s)".formatted(Sql.paddedPlaces(jobs.size()));
    return Sql.query(
            connection,
            tables.sql(statement),
            FiredRows::map,
            JobRows.values(tables.scheduler(), jobs))
        .stream()
        .filter(row -> row.job() != null && jobs.contains(row.job()))
        .toList();
  }

  /** What runs of a job. */
  record Running(ExecutionId id, JobId job, Instant firedAt) {}

  /** Locks what runs for some jobs, on any node. Index IDX_QRTZ_FT_J_G. */
  List<Running> lockOfJobs(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT ENTRY_ID, JOB_NAME, JOB_GROUP, FIRED_TIME
        FROM QRTZ_FIRED_TRIGGERS FORCE INDEX (IDX_QRTZ_FT_J_G)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        FOR UPDATE
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    List<Running> running = new ArrayList<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> {
          JobId job = JobRows.id(row);
          Instant firedAt = Instant.ofEpochMilli(row.getLong("FIRED_TIME"));
          if (job != null && jobs.contains(job)) {
            ExecutionId.parse(row.getString("ENTRY_ID"))
                .ifPresent(id -> running.add(new Running(id, job, firedAt)));
          }
          return running.size();
        },
        JobRows.values(tables.scheduler(), jobs));
    return running;
  }

  /** Ids of what runs for a job, on any node. Index IDX_QRTZ_FT_J_G. */
  List<String> entriesOf(Connection connection, JobId job) throws SQLException {
    String statement =
        """
        SELECT ENTRY_ID
        FROM QRTZ_FIRED_TRIGGERS
        WHERE SCHED_NAME = ? AND JOB_NAME = ? AND JOB_GROUP = ?
        ORDER BY ENTRY_ID
        """;
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> row.getString(1),
        tables.scheduler(),
        job.value(),
        job.namespace());
  }

  /**
   * Of the jobs named, those of which something runs on any node. Index IDX_QRTZ_FT_J_G. Takes no
   * lock.
   */
  Set<JobId> runningAmong(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT DISTINCT JOB_NAME, JOB_GROUP
        FROM QRTZ_FIRED_TRIGGERS FORCE INDEX (IDX_QRTZ_FT_J_G)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    return new HashSet<>(
        Sql.query(
            connection,
            tables.sql(statement),
            JobRows::id,
            JobRows.values(tables.scheduler(), jobs)));
  }

  /** Names of all nodes that have rows. Index IDX_QRTZ_FT_TRIG_INST_NAME. Takes no lock. */
  List<String> nodes(Connection connection) throws SQLException {
    String statement =
        """
        SELECT DISTINCT INSTANCE_NAME
        FROM QRTZ_FIRED_TRIGGERS
        WHERE SCHED_NAME = ?
        """;
    return Sql.query(
        connection, tables.sql(statement), row -> row.getString(1), tables.scheduler());
  }

  /** Rows of one node older than an instant. Takes no lock. Index IDX_QRTZ_FT_TRIG_INST_NAME. */
  List<FiredRow> olderThan(Connection connection, String node, Instant instant)
      throws SQLException {
    return Sql.query(
        connection,
        tables.sql(BY_NODE + "AND fired.INSTANCE_NAME = ? AND fired.FIRED_TIME < ?"),
        FiredRows::map,
        tables.scheduler(),
        node,
        instant);
  }

  /** Deletes rows, each only while it is still the given node's. @return how many */
  int delete(Connection connection, Collection<FiredRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    // The form with a table's name before FROM: the other takes no hint of an index.
    String statement =
        """
        DELETE gone FROM QRTZ_FIRED_TRIGGERS AS gone FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND ENTRY_ID IN (%s) AND INSTANCE_NAME IN (%s)
        """;
    List<String> nodes = rows.stream().map(FiredRow::node).distinct().toList();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, rows.stream().map(FiredRow::entry).toList());
    values.addAll(nodes);
    return Sql.update(
        connection,
        tables.sql(statement.formatted(Sql.paddedPlaces(rows.size()), Sql.places(nodes.size()))),
        values);
  }

  private static FiredRow map(ResultSet row) throws SQLException {
    return new FiredRow(
        row.getString("ENTRY_ID"),
        row.getString("INSTANCE_NAME"),
        Instant.ofEpochMilli(row.getLong("FIRED_TIME")),
        new TriggerName(row.getString("TRIGGER_NAME"), row.getString("TRIGGER_GROUP")),
        JobRows.id(row),
        row.getBoolean("IS_NONCONCURRENT"),
        row.getString("FINISHED"),
        row.getBoolean("PERMITTED"),
        FiredMarks.CANCELLING.equals(row.getString("STATE")));
  }
}
