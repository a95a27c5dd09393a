package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * QRTZ_JOB_DETAILS in sets: JOB_NAME is the job's id, JOB_GROUP its namespace. The row is there for
 * Quartz and for operations staff; JOB_DATA holds a readable summary as properties, never payloads
 * or secrets. Works on the caller's transaction.
 */
final class JobRows {
  /**
   * The one class that our rows name, written as text so that a rename cannot strand stored rows
   * unnoticed.
   */
  static final String JOB_CLASS = "io.carillon.quartz.FiringJob";

  private final Tables tables;

  JobRows(Tables tables) {
    this.tables = tables;
  }

  /**
   * A row to be written.
   *
   * @param description at most 250 characters
   * @param summary properties text
   */
  record Detail(JobId id, String description, byte[] summary) {}

  /** Writes rows, new or in place of those that are there. One statement. */
  void upsert(Connection connection, Collection<Detail> details) throws SQLException {
    String statement =
        """
        INSERT INTO QRTZ_JOB_DETAILS (SCHED_NAME, JOB_NAME, JOB_GROUP, DESCRIPTION, JOB_CLASS_NAME,
          IS_DURABLE, IS_NONCONCURRENT, IS_UPDATE_DATA, REQUESTS_RECOVERY, JOB_DATA)
        VALUES (?, ?, ?, ?, '%s', '0', '0', '0', '1', ?)
        ON DUPLICATE KEY UPDATE DESCRIPTION = VALUES(DESCRIPTION), JOB_DATA = VALUES(JOB_DATA),
          JOB_CLASS_NAME = VALUES(JOB_CLASS_NAME)
        """;
    List<List<@Nullable Object>> rows = new ArrayList<>(details.size());
    for (Detail detail : details) {
      rows.add(
          Arrays.asList(
              tables.scheduler(),
              detail.id().value(),
              detail.id().namespace(),
              detail.description(),
              detail.summary()));
    }
    Sql.insert(connection, tables.sql(statement.formatted(JOB_CLASS)), rows);
  }

  /** Of the jobs named, those whose row is there and names our job class. Primary key. */
  Set<JobId> runnable(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return Set.of();
    }
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_JOB_DETAILS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND JOB_CLASS_NAME = '%s' AND JOB_NAME IN (%s)
        """
            .formatted(JOB_CLASS, Sql.paddedPlaces(jobs.size()));
    return new HashSet<>(
        Sql.query(
            connection, tables.sql(statement), JobRows::id, values(tables.scheduler(), jobs)));
  }

  /**
   * Of the jobs named, those of which no trigger is left and nothing runs on any node. Takes no
   * lock. Primary key, then IDX_QRTZ_T_J and IDX_QRTZ_FT_J_G.
   */
  List<JobId> withoutTriggers(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT job.JOB_NAME, job.JOB_GROUP
        FROM QRTZ_JOB_DETAILS AS job FORCE INDEX (PRIMARY)
        LEFT JOIN QRTZ_TRIGGERS AS planned FORCE INDEX (IDX_QRTZ_T_J)
          ON planned.SCHED_NAME = job.SCHED_NAME AND planned.JOB_NAME = job.JOB_NAME
          AND planned.JOB_GROUP = job.JOB_GROUP
        LEFT JOIN QRTZ_FIRED_TRIGGERS AS running FORCE INDEX (IDX_QRTZ_FT_J_G)
          ON running.SCHED_NAME = job.SCHED_NAME AND running.JOB_NAME = job.JOB_NAME
          AND running.JOB_GROUP = job.JOB_GROUP
        WHERE job.SCHED_NAME = ? AND job.JOB_NAME IN (%s) AND job.IS_DURABLE <> '1'
          AND planned.TRIGGER_NAME IS NULL AND running.ENTRY_ID IS NULL
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    List<JobId> found =
        Sql.query(connection, tables.sql(statement), JobRows::id, values(tables.scheduler(), jobs));
    found.retainAll(Set.copyOf(jobs));
    return found;
  }

  void delete(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    RowKeys keys = RowKeys.ofJobs(tables.scheduler(), jobs);
    // The form with a table's name before FROM: the other takes no hint of an index.
    String statement =
        """
        DELETE gone FROM QRTZ_JOB_DETAILS AS gone FORCE INDEX (PRIMARY)
        WHERE %s
        """
            .formatted(keys.condition());
    Sql.update(connection, tables.sql(statement), keys.values());
  }

  /** The scheduler's name and then the ids, padded. */
  static List<@Nullable Object> values(String scheduler, Collection<JobId> jobs) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(scheduler);
    Sql.pad(values, jobs.stream().map(JobId::value).toList());
    return values;
  }

  /** The job of a row that has JOB_NAME and JOB_GROUP; null if our API cannot have written them. */
  static @Nullable JobId id(ResultSet row) throws SQLException {
    String namespace = row.getString("JOB_GROUP");
    String id = row.getString("JOB_NAME");
    if (namespace == null || id == null) {
      // A stock node writes FIRED rows without a job between acquiring and firing.
      return null;
    }
    try {
      return new JobId(namespace, id);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
