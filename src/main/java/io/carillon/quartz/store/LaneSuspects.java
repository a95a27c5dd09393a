package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for triggers that are held, rows of table {@code held} and permits that do not fit
 * together: of what is held at some thousands, of permits at all, of which there are not more than
 * executions that run or wait for their turn. Takes no lock. Stateless but for the table names.
 */
final class LaneSuspects {
  private static final int MOST = 500;

  /** So much of what is held is looked at each time. */
  private static final int PAGE = 5_000;

  private static final String PERMITS =
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
      """;

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

  /**
   * Behind what to go on.
   *
   * @param trigger among those that are held
   * @param id of an execution, among rows of table {@code held}
   */
  record Place(QueueTriggers.Place trigger, String id) {
    static final Place START = new Place(QueueTriggers.Place.START, "");
  }

  /** What was found, and how far the look has come. */
  record Page(Set<Suspect> found, Place last) {}

  Page next(Connection connection, Place after) throws SQLException {
    Set<Suspect> found = new LinkedHashSet<>(permits(connection, PERMITS, List.of()));
    return new Page(
        found,
        new Place(
            triggers(connection, after.trigger(), found), rows(connection, after.id(), found)));
  }

  /** IDX_QRTZ_T_NFT_ST, held_by_execution. The id stands behind {@code execution/}. */
  private QueueTriggers.Place triggers(
      Connection connection, QueueTriggers.Place after, Set<Suspect> found) throws SQLException {
    String statement =
        """
        SELECT page.*, h.execution_id IS NULL AS lost
        FROM (
          SELECT NEXT_FIRE_TIME, PRIORITY, TRIGGER_NAME, TRIGGER_GROUP
          FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
          WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'HELD' AND NEXT_FIRE_TIME >= ? AND %s
          ORDER BY NEXT_FIRE_TIME, PRIORITY, TRIGGER_NAME
          LIMIT ?) AS page
          LEFT JOIN held AS h FORCE INDEX (held_by_execution)
            ON h.execution_id = SUBSTRING(page.TRIGGER_NAME, 11, 36)
        """
            .formatted(QueueTriggers.Place.BEHIND);
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    values.add(after.nextFireTime());
    values.addAll(after.values());
    values.add(PAGE);
    List<QueueTriggers.Place> places =
        Sql.query(
            connection,
            tables.sql(statement),
            row -> {
              if (row.getBoolean("lost")) {
                found.add(
                    new Suspect(
                        Kind.TRIGGER,
                        row.getString("TRIGGER_NAME"),
                        row.getString("TRIGGER_GROUP")));
              }
              return QueueTriggers.Place.of(row);
            },
            values);
    return places.stream()
        .max(Comparator.naturalOrder())
        .filter(last -> places.size() >= PAGE)
        .orElse(QueueTriggers.Place.START);
  }

  /** held_by_execution, primary key of the triggers. */
  private String rows(Connection connection, String after, Set<Suspect> found) throws SQLException {
    String statement =
        """
        SELECT page.execution_id, t.TRIGGER_NAME IS NULL AS lost
        FROM (
          SELECT execution_id, attempt
          FROM held FORCE INDEX (held_by_execution)
          WHERE execution_id > ?
          ORDER BY execution_id
          LIMIT ?) AS page
          LEFT JOIN QRTZ_TRIGGERS AS t FORCE INDEX (PRIMARY)
            ON t.SCHED_NAME = ?
              AND t.TRIGGER_NAME = CONCAT('execution/', page.execution_id, '/', page.attempt)
              AND t.TRIGGER_STATE = 'HELD'
        """;
    List<String> ids =
        Sql.query(
            connection,
            tables.sql(statement),
            row -> {
              String id = row.getString("execution_id");
              if (row.getBoolean("lost")) {
                found.add(new Suspect(Kind.ROW, id, ""));
              }
              return id;
            },
            after,
            PAGE,
            tables.scheduler());
    return ids.stream()
        .max(Comparator.naturalOrder())
        .filter(last -> ids.size() >= PAGE)
        .orElse("");
  }

  private List<Suspect> permits(Connection connection, String statement, List<String> ids)
      throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, ids);
    List<Suspect> found = new ArrayList<>();
    Sql.query(
        connection,
        tables.sql(statement + " LIMIT " + MOST),
        row -> {
          boolean isOver = row.getBoolean("is_over");
          if (ExecutionId.parse(row.getString(1)).isPresent()) {
            found.add(
                new Suspect(isOver ? Kind.PERMIT_OF_OVER : Kind.PERMIT, row.getString(1), ""));
          }
          return found.size();
        },
        values);
    return found;
  }

  /** Of these, what is wrong still. A few hundred at the most. By primary keys and ids. */
  Set<Suspect> among(Connection connection, Set<Suspect> suspects) throws SQLException {
    Set<Suspect> still = new LinkedHashSet<>();
    List<TriggerName> triggers =
        suspects.stream()
            .filter(one -> one.kind() == Kind.TRIGGER)
            .map(one -> new TriggerName(one.name(), one.group()))
            .toList();
    List<String> held = names(suspects, Set.of(Kind.ROW));
    List<String> permits = names(suspects, Set.of(Kind.PERMIT, Kind.PERMIT_OF_OVER));
    if (!triggers.isEmpty()) {
      still.addAll(triggersAmong(connection, triggers));
    }
    if (!held.isEmpty()) {
      still.addAll(rowsAmong(connection, held));
    }
    if (!permits.isEmpty()) {
      String among = " AND p.execution_id IN (%s)".formatted(Sql.paddedPlaces(permits.size()));
      still.addAll(permits(connection, PERMITS + among, permits));
    }
    still.retainAll(suspects);
    return still;
  }

  private static List<String> names(Set<Suspect> suspects, Set<Kind> kinds) {
    return suspects.stream()
        .filter(one -> kinds.contains(one.kind()))
        .map(Suspect::name)
        .distinct()
        .toList();
  }

  private List<Suspect> triggersAmong(Connection connection, List<TriggerName> names)
      throws SQLException {
    RowKeys keys = RowKeys.ofTriggers(tables.scheduler(), names);
    String statement =
        """
        SELECT TRIGGER_NAME, TRIGGER_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (PRIMARY)
        WHERE %s AND TRIGGER_STATE = 'HELD'
          AND NOT EXISTS (SELECT 1 FROM held FORCE INDEX (held_by_execution)
            WHERE execution_id = SUBSTRING(TRIGGER_NAME, 11, 36))
        """
            .formatted(keys.condition());
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> new Suspect(Kind.TRIGGER, row.getString(1), row.getString(2)),
        keys.values());
  }

  private List<Suspect> rowsAmong(Connection connection, List<String> ids) throws SQLException {
    String statement =
        """
        SELECT h.execution_id
        FROM held AS h FORCE INDEX (held_by_execution)
          LEFT JOIN QRTZ_TRIGGERS AS t FORCE INDEX (PRIMARY)
            ON t.SCHED_NAME = ?
              AND t.TRIGGER_NAME = CONCAT('execution/', h.execution_id, '/', h.attempt)
              AND t.TRIGGER_STATE = 'HELD'
        WHERE h.execution_id IN (%s) AND t.TRIGGER_NAME IS NULL
        """
            .formatted(Sql.paddedPlaces(ids.size()));
    List<@Nullable Object> values = new ArrayList<>();
    values.add(tables.scheduler());
    Sql.pad(values, ids);
    return Sql.query(
        connection,
        tables.sql(statement),
        row -> new Suspect(Kind.ROW, row.getString(1), ""),
        values);
  }
}
