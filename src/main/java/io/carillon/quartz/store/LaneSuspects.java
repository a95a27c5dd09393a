package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks, without locks, for triggers that are held, rows of table {@code held} and permits that do
 * not fit together. Each statement is bounded by what is held and by an index. Stateless but for
 * the table names.
 */
final class LaneSuspects {
  private static final int MOST = 500;

  private final Tables tables;

  LaneSuspects(Tables tables) {
    this.tables = tables;
  }

  /** What is wrong. */
  enum Kind {
    /** A trigger is held, and nothing waits in a lane. */
    TRIGGER,
    /** Something waits in a lane, and no trigger is held. */
    ROW,
    /** A permit of an execution that does not run, but goes on. */
    PERMIT,
    /** A permit of an execution that is over. */
    PERMIT_OF_OVER
  }

  /**
   * Something that does not fit.
   *
   * @param name of a trigger, or an execution's id
   * @param group of a trigger
   */
  record Suspect(Kind kind, String name, String group) {}

  /** Whether there is anything to look at. */
  boolean isUsed(Connection connection) throws SQLException {
    String statement =
        """
        SELECT EXISTS (SELECT 1 FROM lane) OR EXISTS (SELECT 1 FROM held)
          OR EXISTS (SELECT 1 FROM permit)
          OR EXISTS (SELECT 1 FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
            WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'HELD')
        """;
    return Sql.queryOne(
            connection, tables.sql(statement), row -> row.getBoolean(1), tables.scheduler())
        .orElse(false);
  }

  Set<Suspect> all(Connection connection) throws SQLException {
    Set<Suspect> all = new LinkedHashSet<>(triggers(connection));
    all.addAll(rows(connection));
    all.addAll(permits(connection));
    return all;
  }

  /** IDX_QRTZ_T_NFT_ST, held_by_execution. The id stands behind {@code execution/}. */
  private List<Suspect> triggers(Connection connection) throws SQLException {
    String statement =
        """
        SELECT t.TRIGGER_NAME, t.TRIGGER_GROUP
        FROM QRTZ_TRIGGERS AS t FORCE INDEX (IDX_QRTZ_T_NFT_ST)
          LEFT JOIN held AS h FORCE INDEX (held_by_execution)
            ON h.execution_id = SUBSTRING(t.TRIGGER_NAME, 11, 36)
        WHERE t.SCHED_NAME = ? AND t.TRIGGER_STATE = 'HELD' AND h.execution_id IS NULL
        LIMIT ?
        """;
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> new Suspect(Kind.TRIGGER, row.getString(1), row.getString(2)),
        tables.scheduler(),
        MOST);
  }

  /** Primary key of the triggers. */
  private List<Suspect> rows(Connection connection) throws SQLException {
    String statement =
        """
        SELECT h.execution_id
        FROM held AS h
          LEFT JOIN QRTZ_TRIGGERS AS t FORCE INDEX (PRIMARY)
            ON t.SCHED_NAME = ?
              AND t.TRIGGER_NAME = CONCAT('execution/', h.execution_id, '/', h.attempt)
              AND t.TRIGGER_STATE = 'HELD'
        WHERE t.TRIGGER_NAME IS NULL
        LIMIT ?
        """;
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> new Suspect(Kind.ROW, row.getString(1), ""),
        tables.scheduler(),
        MOST);
  }

  /** Primary keys. The first twelve digits of an id are its instant. */
  private List<Suspect> permits(Connection connection) throws SQLException {
    String statement =
        """
        SELECT p.execution_id,
          e.id IS NULL OR e.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED') AS is_over
        FROM permit AS p
          LEFT JOIN QRTZ_FIRED_TRIGGERS AS f FORCE INDEX (PRIMARY)
            ON f.SCHED_NAME = ? AND f.ENTRY_ID = p.execution_id
          LEFT JOIN execution AS e FORCE INDEX (PRIMARY)
            ON e.id = CONVERT(p.execution_id USING ascii) COLLATE ascii_bin
              AND e.scheduled_at = CAST(CONV(
                CONCAT(SUBSTRING(p.execution_id, 1, 8), SUBSTRING(p.execution_id, 10, 4)), 16, 10)
                AS SIGNED)
        WHERE f.ENTRY_ID IS NULL
          AND (e.id IS NULL OR e.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
            OR (p.kind <> 'FIFO' AND e.state <> 'RUNNING'))
        LIMIT ?
        """;
    List<Suspect> found = new ArrayList<>();
    Sql.query(
        connection,
        tables.sql(statement),
        row -> {
          boolean isOver = row.getBoolean("is_over");
          if (ExecutionId.parse(row.getString(1)).isPresent()) {
            found.add(
                new Suspect(isOver ? Kind.PERMIT_OF_OVER : Kind.PERMIT, row.getString(1), ""));
          }
          return found.size();
        },
        tables.scheduler(),
        MOST);
    return found;
  }
}
