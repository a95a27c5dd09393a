package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.quartz.store.FiredRows.Running;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of queues, that is, of groups, in Quartz's tables. In sets, each statement bounded
 * and by an index. Stateless but for the table names.
 */
final class QueueTriggers {
  private final Tables tables;

  QueueTriggers(Tables tables) {
    this.tables = tables;
  }

  /** Where a walk through the paused triggers of a group has come to. */
  record Place(long nextFireTime, int priority, String name) implements Comparable<Place> {
    static final Place START = new Place(0, -1, "");

    /** Binds {@link #values}. In the order of IDX_QRTZ_T_NFT_ST. */
    static final String BEHIND =
        """
        (NEXT_FIRE_TIME > ? OR COALESCE(PRIORITY, -1) > ?
          OR (COALESCE(PRIORITY, -1) = ? AND TRIGGER_NAME > ?))
        """;

    private static final Comparator<Place> IN_ORDER =
        Comparator.comparingLong(Place::nextFireTime)
            .thenComparingInt(Place::priority)
            .thenComparing(Place::name);

    static Place of(ResultSet row) throws SQLException {
      int priority = row.getInt("PRIORITY");
      return new Place(
          row.getLong("NEXT_FIRE_TIME"),
          row.wasNull() ? -1 : priority,
          row.getString("TRIGGER_NAME"));
    }

    List<Object> values() {
      return List.of(nextFireTime, priority, priority, name);
    }

    @Override
    public int compareTo(Place other) {
      return IN_ORDER.compare(this, other);
    }
  }

  /**
   * The next paused triggers of a group. Takes no lock. Index IDX_QRTZ_T_NFT_ST, which holds the
   * primary key as well: no row is read.
   */
  List<Place> paused(Connection connection, String group, Place after, int most)
      throws SQLException {
    String statement =
        """
        SELECT NEXT_FIRE_TIME, PRIORITY, TRIGGER_NAME
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'PAUSED' AND NEXT_FIRE_TIME >= ?
          AND %s AND TRIGGER_GROUP = ?
        ORDER BY NEXT_FIRE_TIME, PRIORITY, TRIGGER_NAME
        LIMIT ?
        """
            .formatted(Place.BEHIND);
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    values.add(after.nextFireTime());
    values.addAll(after.values());
    values.add(group);
    values.add(most);
    return Sql.query(connection, tables.sql(statement), Place::of, values);
  }

  /** The jobs of triggers; none for one that names no job of ours. Primary key. Takes no lock. */
  Map<TriggerName, JobId> jobs(Connection connection, Collection<TriggerName> names)
      throws SQLException {
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE %s
        """;
    Map<TriggerName, JobId> jobs = new HashMap<>();
    Sql.<@Nullable JobId>query(
        connection,
        tables.sql(statement.formatted(keys.condition())),
        row -> {
          JobId job = JobRows.id(row);
          return job == null ? null : jobs.put(SubRows.name(row), job);
        },
        keys.values());
    return jobs;
  }

  /** Notes a group in Quartz's own list of paused ones, or takes it off. */
  void list(Connection connection, String group, boolean paused) throws SQLException {
    String statement =
        paused
            ? """
              INSERT INTO QRTZ_PAUSED_TRIGGER_GRPS (SCHED_NAME, TRIGGER_GROUP)
              VALUES (?, ?)
              ON DUPLICATE KEY UPDATE TRIGGER_GROUP = VALUES(TRIGGER_GROUP)
              """
            : """
              DELETE FROM QRTZ_PAUSED_TRIGGER_GRPS
              WHERE SCHED_NAME = ? AND TRIGGER_GROUP = ?
              """;
    Sql.update(connection, tables.sql(statement), tables.scheduler(), group);
  }

  /** The groups that have triggers: one look into IDX_QRTZ_T_G for each. */
  List<String> groups(Connection connection, int most) throws SQLException {
    String statement =
        """
        SELECT MIN(TRIGGER_GROUP)
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_G)
        WHERE SCHED_NAME = ? AND TRIGGER_GROUP > ?
        """;
    List<String> groups = new ArrayList<>();
    String last = "";
    while (groups.size() < most) {
      List<@Nullable String> next =
          Sql.<@Nullable String>query(
              connection, tables.sql(statement), row -> row.getString(1), tables.scheduler(), last);
      String group = next.isEmpty() ? null : next.get(0);
      if (group == null) {
        break;
      }
      groups.add(group);
      last = group;
    }
    return groups;
  }

  /** Triggers of a group by state, of the first so many. Index IDX_QRTZ_T_G. */
  Map<String, Integer> states(Connection connection, String group, int most) throws SQLException {
    String statement =
        """
        SELECT TRIGGER_STATE, COUNT(*)
        FROM (
          SELECT TRIGGER_STATE
          FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_G)
          WHERE SCHED_NAME = ? AND TRIGGER_GROUP = ?
          LIMIT ?) AS part
        GROUP BY TRIGGER_STATE
        """;
    Map<String, Integer> states = new HashMap<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> states.put(row.getString(1), row.getInt(2)),
        tables.scheduler(),
        group,
        most);
    return states;
  }

  /** What runs of a group, on all nodes. The table holds what is running and no more. */
  int running(Connection connection, String group) throws SQLException {
    String statement =
        """
        SELECT COUNT(*)
        FROM QRTZ_FIRED_TRIGGERS
        WHERE SCHED_NAME = ? AND TRIGGER_GROUP = ?
        """;
    return Sql.queryOne(
            connection, tables.sql(statement), row -> row.getInt(1), tables.scheduler(), group)
        .orElse(0);
  }

  /** What runs of a group, on any node. The table holds what is running and no more. */
  List<Running> runningOf(Connection connection, String group) throws SQLException {
    String statement =
        """
        SELECT ENTRY_ID, JOB_NAME, JOB_GROUP, FIRED_TIME
        FROM QRTZ_FIRED_TRIGGERS
        WHERE SCHED_NAME = ? AND TRIGGER_GROUP = ?
        """;
    List<Running> running = new ArrayList<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> {
          JobId job = JobRows.id(row);
          ExecutionId.parse(row.getString("ENTRY_ID"))
              .filter(id -> job != null)
              .ifPresent(id -> running.add(new Running(id, job, Instant.EPOCH)));
          return running.size();
        },
        tables.scheduler(),
        group);
    return running;
  }
}
