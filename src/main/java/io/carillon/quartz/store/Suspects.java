package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks, without locks, for rows that may be ownerless: the one place where Quartz's tables and
 * ours are read in one statement. Each statement is bounded and goes by an index; what it finds is
 * judged again under the lock row. Stateless but for the table names.
 */
final class Suspects {
  private static final int MOST = 500;
  private static final int WAITING_PAGE = 1_000;
  private static final int MOST_NAMESPACES = 100;

  private final Tables tables;

  Suspects(Tables tables) {
    this.tables = tables;
  }

  /**
   * Jobs with triggers in states that our nodes never leave behind, ERROR among them, and with
   * triggers that wait for no instant. By ranges of IDX_QRTZ_T_NFT_ST.
   */
  Set<JobId> ofHeldTriggers(Connection connection) throws SQLException {
    String statement =
        """
        SELECT JOB_NAME, JOB_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ?
          AND (TRIGGER_STATE < 'COMPLETE'
            OR (TRIGGER_STATE > 'COMPLETE' AND TRIGGER_STATE < 'HELD')
            OR (TRIGGER_STATE > 'HELD' AND TRIGGER_STATE < 'PAUSED')
            OR (TRIGGER_STATE > 'PAUSED' AND TRIGGER_STATE < 'QUEUED')
            OR (TRIGGER_STATE > 'QUEUED' AND TRIGGER_STATE < 'WAITING')
            OR TRIGGER_STATE > 'WAITING'
            OR (TRIGGER_STATE IN ('WAITING', 'PAUSED') AND NEXT_FIRE_TIME IS NULL)
            OR (TRIGGER_STATE IN ('WAITING', 'PAUSED') AND NEXT_FIRE_TIME <= 0))
        LIMIT ?
        """;
    return jobs(connection, statement, List.of(tables.scheduler(), MOST));
  }

  /**
   * Jobs of which executions wait for others, of which there are none. IDX_QRTZ_T_NFT_ST,
   * IDX_QRTZ_FT_J_G, IDX_QRTZ_T_J.
   */
  Set<JobId> ofForgottenRuns(Connection connection) throws SQLException {
    String statement =
        """
        SELECT DISTINCT q.JOB_NAME, q.JOB_GROUP
        FROM QRTZ_TRIGGERS AS q FORCE INDEX (IDX_QRTZ_T_NFT_ST)
          LEFT JOIN QRTZ_FIRED_TRIGGERS AS f FORCE INDEX (IDX_QRTZ_FT_J_G)
            ON f.SCHED_NAME = q.SCHED_NAME AND f.JOB_NAME = q.JOB_NAME AND f.JOB_GROUP = q.JOB_GROUP
          LEFT JOIN QRTZ_TRIGGERS AS o FORCE INDEX (IDX_QRTZ_T_J)
            ON o.SCHED_NAME = q.SCHED_NAME AND o.JOB_NAME = q.JOB_NAME AND o.JOB_GROUP = q.JOB_GROUP
              AND o.TRIGGER_NAME LIKE 'execution/%' AND o.TRIGGER_STATE <> 'QUEUED'
        WHERE q.SCHED_NAME = ? AND q.TRIGGER_STATE = 'QUEUED' AND f.ENTRY_ID IS NULL
          AND o.TRIGGER_NAME IS NULL
        LIMIT ?
        """;
    return jobs(connection, statement, List.of(tables.scheduler(), MOST));
  }

  /** Jobs with finished triggers of which nothing runs. IDX_QRTZ_T_NFT_ST, IDX_QRTZ_FT_J_G. */
  Set<JobId> ofFinishedTriggers(Connection connection) throws SQLException {
    String statement =
        """
        SELECT t.JOB_NAME, t.JOB_GROUP
        FROM QRTZ_TRIGGERS AS t FORCE INDEX (IDX_QRTZ_T_NFT_ST)
          LEFT JOIN QRTZ_FIRED_TRIGGERS AS f FORCE INDEX (IDX_QRTZ_FT_J_G)
            ON f.SCHED_NAME = t.SCHED_NAME AND f.JOB_NAME = t.JOB_NAME
              AND f.JOB_GROUP = t.JOB_GROUP AND f.TRIGGER_NAME = t.TRIGGER_NAME
              AND f.TRIGGER_GROUP = t.TRIGGER_GROUP
        WHERE t.SCHED_NAME = ? AND t.TRIGGER_STATE = 'COMPLETE' AND f.ENTRY_ID IS NULL
        LIMIT ?
        """;
    return jobs(connection, statement, List.of(tables.scheduler(), MOST));
  }

  /** Executions of a namespace that run and have no FIRED row. execution_by_state, primary key. */
  List<ExecutionId> running(Connection connection, String namespace, Instant begunBefore)
      throws SQLException {
    String statement =
        """
        SELECT e.id
        FROM execution AS e FORCE INDEX (execution_by_state)
          LEFT JOIN QRTZ_FIRED_TRIGGERS AS f FORCE INDEX (PRIMARY)
            ON f.SCHED_NAME = ? AND f.ENTRY_ID = e.id
        WHERE e.namespace = ? AND e.state = 'RUNNING' AND f.ENTRY_ID IS NULL AND e.started_at < ?
        LIMIT ?
        """;
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> new ExecutionId(row.getString(1)),
        tables.scheduler(),
        namespace,
        begunBefore,
        MOST);
  }

  /**
   * A part of the executions that wait for an attempt.
   *
   * @param unplanned those without a trigger for it
   * @param last where to go on; empty at the end
   */
  record Waiting(List<ExecutionId> unplanned, String last) {}

  /** The next executions of a namespace and state. execution_by_state, primary keys. */
  Waiting waiting(Connection connection, JobWalk.Place place) throws SQLException {
    String statement =
        """
        SELECT page.id, t.TRIGGER_NAME IS NULL
        FROM (
          SELECT id, scheduled_at
          FROM execution FORCE INDEX (execution_by_state)
          WHERE namespace = ? AND state = ? AND id > ?
          ORDER BY id
          LIMIT ?) AS page
          STRAIGHT_JOIN execution AS e FORCE INDEX (PRIMARY)
            ON e.id = page.id AND e.scheduled_at = page.scheduled_at
          LEFT JOIN QRTZ_TRIGGERS AS t FORCE INDEX (PRIMARY)
            ON t.SCHED_NAME = ?
              AND t.TRIGGER_NAME = CONCAT('execution/', page.id, '/', e.attempt + 1)
        ORDER BY page.id
        """;
    List<ExecutionId> unplanned = new ArrayList<>();
    List<String> seen =
        Sql.query(
            connection,
            tables.sql(statement),
            row -> {
              if (row.getBoolean(2)) {
                unplanned.add(new ExecutionId(row.getString(1)));
              }
              return row.getString(1);
            },
            place.namespace(),
            place.state(),
            place.id(),
            WAITING_PAGE,
            tables.scheduler());
    return new Waiting(unplanned, seen.size() < WAITING_PAGE ? "" : seen.get(seen.size() - 1));
  }

  /** All namespaces that have jobs: one look into the index for each. */
  List<String> namespaces(Connection connection) throws SQLException {
    List<String> all = new ArrayList<>();
    Optional<String> next = namespaceAfter(connection, "");
    while (next.isPresent() && all.size() < MOST_NAMESPACES) {
      all.add(next.get());
      next = namespaceAfter(connection, next.get());
    }
    return all;
  }

  /** The first namespace that has jobs and comes after another; empty at the end. */
  Optional<String> namespaceAfter(Connection connection, String namespace) throws SQLException {
    return Sql.query(
            connection,
            "SELECT MIN(namespace) FROM job WHERE namespace > ?",
            row -> row.getString(1),
            namespace)
        .stream()
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** The next so many jobs of a namespace and state: how many there are, and the last of them. */
  JobWalk.Page page(Connection connection, JobWalk.Place place, int size) throws SQLException {
    String statement =
        """
        SELECT COUNT(*), MAX(id)
        FROM (
          SELECT id
          FROM job FORCE INDEX (job_by_state)
          WHERE namespace = ? AND state = ? AND finished_at IS NULL AND id > ?
          ORDER BY id
          LIMIT ?) AS page
        """;
    return Sql.queryOne(
            connection,
            statement,
            row ->
                new JobWalk.Page(row.getInt(1), Objects.requireNonNullElse(row.getString(2), "")),
            place.namespace(),
            place.state(),
            place.id(),
            size)
        .orElseThrow();
  }

  /**
   * Jobs from a place to an id that lack their JobDetail, any trigger, or a trigger's sub-row.
   * job_by_state, IDX_QRTZ_T_J, primary keys.
   */
  Set<JobId> incomplete(Connection connection, JobWalk.Place place, String last)
      throws SQLException {
    String statement =
        """
        SELECT j.id AS JOB_NAME, j.namespace AS JOB_GROUP
        FROM job AS j FORCE INDEX (job_by_state)
          LEFT JOIN QRTZ_JOB_DETAILS AS d FORCE INDEX (PRIMARY)
            ON d.SCHED_NAME = ? AND d.JOB_NAME = j.id AND d.JOB_GROUP = j.namespace
          LEFT JOIN QRTZ_TRIGGERS AS t FORCE INDEX (IDX_QRTZ_T_J)
            ON t.SCHED_NAME = ? AND t.JOB_NAME = j.id AND t.JOB_GROUP = j.namespace
          LEFT JOIN QRTZ_SIMPLE_TRIGGERS AS s FORCE INDEX (PRIMARY)
            ON s.SCHED_NAME = t.SCHED_NAME AND s.TRIGGER_NAME = t.TRIGGER_NAME
              AND s.TRIGGER_GROUP = t.TRIGGER_GROUP
          LEFT JOIN QRTZ_CRON_TRIGGERS AS c FORCE INDEX (PRIMARY)
            ON c.SCHED_NAME = t.SCHED_NAME AND c.TRIGGER_NAME = t.TRIGGER_NAME
              AND c.TRIGGER_GROUP = t.TRIGGER_GROUP
          LEFT JOIN QRTZ_SIMPROP_TRIGGERS AS p FORCE INDEX (PRIMARY)
            ON p.SCHED_NAME = t.SCHED_NAME AND p.TRIGGER_NAME = t.TRIGGER_NAME
              AND p.TRIGGER_GROUP = t.TRIGGER_GROUP
        WHERE j.namespace = ? AND j.state = ? AND j.finished_at IS NULL AND j.id > ? AND j.id <= ?
          AND (d.JOB_NAME IS NULL OR t.TRIGGER_NAME IS NULL
            OR (s.TRIGGER_NAME IS NULL AND c.TRIGGER_NAME IS NULL AND p.TRIGGER_NAME IS NULL))
        LIMIT ?
        """;
    return jobs(
        connection,
        statement,
        List.of(
            tables.scheduler(),
            tables.scheduler(),
            place.namespace(),
            place.state(),
            place.id(),
            last,
            MOST));
  }

  private Set<JobId> jobs(
      Connection connection, String statement, Collection<? extends @Nullable Object> values)
      throws SQLException {
    Set<JobId> found =
        new LinkedHashSet<>(Sql.query(connection, tables.sql(statement), JobRows::id, values));
    found.remove(null);
    return found;
  }
}
