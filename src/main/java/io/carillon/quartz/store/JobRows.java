package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
            .formatted(Sql.paddedPlaces(jobs.size()));
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

  /**
   * Of the jobs named, those that something is left of: a trigger, or a run on any node. Takes no
   * lock. IDX_QRTZ_T_J, IDX_QRTZ_FT_J_G.
   */
  Set<JobId> inUse(Connection connection, Collection<JobId> jobs) throws SQLException {
    String places = Sql.paddedPlaces(jobs.size());
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_J)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        UNION ALL
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_FIRED_TRIGGERS FORCE INDEX (IDX_QRTZ_FT_J_G)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s)
        """
            .formatted(places, places);
    List<@Nullable Object> once = values(tables.scheduler(), jobs);
    List<@Nullable Object> values = new ArrayList<>(once);
    values.addAll(once);
    return new HashSet<>(Sql.query(connection, tables.sql(statement), JobRows::id, values));
  }

  /** Of the jobs named, those whose JobDetail stays without triggers. Primary key. */
  Set<JobId> durableAmong(Connection connection, Collection<JobId> jobs) throws SQLException {
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_JOB_DETAILS FORCE INDEX (PRIMARY)
        WHERE SCHED_NAME = ? AND JOB_NAME IN (%s) AND IS_DURABLE = '1'
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    return new HashSet<>(
        Sql.query(
            connection, tables.sql(statement), JobRows::id, values(tables.scheduler(), jobs)));
  }

  /** Deletes rows, except durable ones. Primary key. @return how many */
  int deleteTransient(Connection connection, Collection<JobId> jobs) throws SQLException {
    return delete(connection, jobs, " AND IS_DURABLE = '0'");
  }

  /** Deletes rows. Primary key. */
  void delete(Connection connection, Collection<JobId> jobs) throws SQLException {
    delete(connection, jobs, "");
  }

  private int delete(Connection connection, Collection<JobId> jobs, String and)
      throws SQLException {
    if (jobs.isEmpty()) {
      return 0;
    }
    RowKeys keys = RowKeys.ofJobs(tables.scheduler(), jobs);
    // The form with a table's name before FROM: the other takes no hint of an index.
    String statement =
        """
        DELETE gone FROM QRTZ_JOB_DETAILS AS gone FORCE INDEX (PRIMARY)
        WHERE %s%s
        """
            .formatted(keys.condition(), and);
    return Sql.update(connection, tables.sql(statement), keys.values());
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
