package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Set<String> classes;

  /**
   * @param classes names of the job classes whose jobs may be run
   */
  JobRows(Tables tables, Set<String> classes) {
    this.tables = tables;
    this.classes = Set.copyOf(classes);
  }

  /** Who fires the triggers of a job: the sets, or Quartz's own code one by one. */
  enum Course {
    SETS,
    SLOW_PATH
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
    if (details.isEmpty()) {
      return;
    }
    String statement =
        """
        INSERT INTO QRTZ_JOB_DETAILS (SCHED_NAME, JOB_NAME, JOB_GROUP, DESCRIPTION, JOB_CLASS_NAME,
          IS_DURABLE, IS_NONCONCURRENT, IS_UPDATE_DATA, REQUESTS_RECOVERY, JOB_DATA)
        VALUES %s
        ON DUPLICATE KEY UPDATE DESCRIPTION = VALUES(DESCRIPTION), JOB_DATA = VALUES(JOB_DATA)
        """;
    List<@Nullable Object> values = new ArrayList<>();
    for (Detail detail : details) {
      values.add(tables.scheduler());
      values.add(detail.id().value());
      values.add(detail.id().namespace());
      values.add(detail.description());
      values.add(JOB_CLASS);
      values.addAll(List.of("0", "0", "0", "1"));
      values.add(detail.summary());
    }
    Sql.update(connection, tables.sql(statement.formatted(Sql.rows(details.size(), 10))), values);
  }

  /**
   * Of the jobs named, those whose row is there and names a class that may be run. Jobs that do not
   * run beside themselves, or whose data is kept, go the slow path. Primary key.
   */
  Map<JobId, Course> runnable(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return Map.of();
    }
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP, JOB_CLASS_NAME, IS_NONCONCURRENT, IS_UPDATE_DATA
        FROM QRTZ_JOB_DETAILS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        """
            .formatted(Sql.places(jobs.size()));
    Map<JobId, Course> courses = new HashMap<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> note(row, courses),
        values(tables.scheduler(), jobs));
    return courses;
  }

  private boolean note(ResultSet row, Map<JobId, Course> courses) throws SQLException {
    JobId id = id(row);
    if (id == null || !classes.contains(row.getString("JOB_CLASS_NAME"))) {
      return false;
    }
    boolean plain = !row.getBoolean("IS_NONCONCURRENT") && !row.getBoolean("IS_UPDATE_DATA");
    courses.put(id, plain ? Course.SETS : Course.SLOW_PATH);
    return true;
  }

  /** Of the jobs named, those that stay without a trigger. Primary key. */
  List<JobId> durableAmong(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_JOB_DETAILS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s) AND IS_DURABLE = '1'
        """
            .formatted(Sql.places(jobs.size()));
    return Sql.query(
        connection, tables.sql(statement), JobRows::id, values(tables.scheduler(), jobs));
  }

  void delete(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    String statement =
        """
        DELETE FROM QRTZ_JOB_DETAILS
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s) AND (SCHED_NAME, JOB_NAME, JOB_GROUP) IN (%s)
        """
            .formatted(Sql.places(jobs.size()), Sql.rows(jobs.size(), 3));
    List<@Nullable Object> values = values(tables.scheduler(), jobs);
    jobs.forEach(id -> values.addAll(List.of(tables.scheduler(), id.value(), id.namespace())));
    Sql.update(connection, tables.sql(statement), values);
  }

  static List<@Nullable Object> values(String scheduler, Collection<JobId> jobs) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(scheduler);
    jobs.forEach(id -> values.add(id.value()));
    return values;
  }

  /** The job of a row that has JOB_NAME and JOB_GROUP; null if our API cannot have written them. */
  static @Nullable JobId id(ResultSet row) throws SQLException {
    try {
      return new JobId(row.getString("JOB_GROUP"), row.getString("JOB_NAME"));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
