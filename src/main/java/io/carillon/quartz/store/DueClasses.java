package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.Turns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is due, by classes of priority. Behind a backlog each class has its share of a batch ({@link
 * Turns}), and within a class a quarter goes to what came due last, so that high overtakes, low
 * never starves, and what comes due meanwhile is on time. Names are read first, without locks, and
 * locked then by key: a locking read would lock all it passes over. Index IDX_QRTZ_T_NFT_ST, which
 * holds all that is read. Works on the caller's transaction. Stateless but for the table names.
 */
final class DueClasses {
  /** Every so many goes to what came due last. */
  private static final int FRESH = 4;

  /** How many batches are looked at, for as many nodes that look at the same time. */
  private static final int ROUNDS = 3;

  private static final List<String> CONDITIONS =
      List.of(
          "PRIORITY >= 7",
          "COALESCE(PRIORITY, 5) > 2 AND COALESCE(PRIORITY, 5) < 7",
          "PRIORITY <= 2");

  private final Tables tables;
  private final TriggerRows triggers;

  DueClasses(Tables tables, TriggerRows triggers) {
    this.tables = tables;
    this.triggers = triggers;
  }

  /**
   * What is due of a class.
   *
   * @param first its first instant
   * @param last its last instant
   */
  record Span(long first, long last, int count) {
    static final Span NONE = new Span(0, -1, 0);
  }

  /** What is due of each class. A look at every due entry of the index; takes no lock. */
  List<Span> spans(Connection connection, long now) throws SQLException {
    List<Span> spans = new ArrayList<>(List.of(Span.NONE, Span.NONE, Span.NONE));
    String statement =
        """
        SELECT IF(PRIORITY >= 7, 0, IF(PRIORITY <= 2, 2, 1)) AS class, MIN(NEXT_FIRE_TIME),
          MAX(NEXT_FIRE_TIME), COUNT(*)
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
          AND NEXT_FIRE_TIME >= 0 AND NEXT_FIRE_TIME <= ?
        GROUP BY class
        """;
    Sql.query(
        connection,
        tables.sql(statement),
        row -> spans.set(row.getInt(1), new Span(row.getLong(2), row.getLong(3), row.getInt(4))),
        tables.scheduler(),
        now);
    return spans;
  }

  /**
   * Locks due triggers by their shares, as far as nobody else has them. Each beginning of what is
   * answered has its shares as well.
   *
   * @param turn whose turn it is
   */
  List<TriggerRow> lock(Connection connection, List<Span> spans, long now, int most, int turn)
      throws SQLException {
    List<List<TriggerName>> classes = new ArrayList<>();
    List<Named> found = names(connection, spans, now, most * ROUNDS);
    for (int rank = 0; rank < Turns.CLASSES; rank++) {
      classes.add(inTurn(found, rank, turn));
    }
    List<TriggerName> chosen = Turns.take(classes, turn, most * ROUNDS);
    List<TriggerRow> locked = new ArrayList<>();
    for (int from = 0; from < chosen.size() && locked.size() <= most / 2; from += most) {
      // Other nodes were faster with those before: what is next by the same shares.
      int to = Math.min(chosen.size(), from + most - locked.size());
      locked.addAll(lock(connection, chosen.subList(from, to), now));
    }
    if (locked.size() > most / 2) {
      return locked;
    }
    // Whatever is free.
    Set<TriggerName> had = locked.stream().map(TriggerRow::name).collect(Collectors.toSet());
    triggers.lockDue(connection, 0, now, most - locked.size()).stream()
        .filter(row -> !had.contains(row.name()))
        .forEach(locked::add);
    return locked;
  }

  private List<TriggerRow> lock(Connection connection, List<TriggerName> names, long now)
      throws SQLException {
    Map<TriggerName, Integer> places = new HashMap<>();
    names.forEach(name -> places.put(name, places.size()));
    return triggers.lockIn(connection, names, TriggerRow.WAITING, false).stream()
        .filter(row -> row.nextFireTime() >= 0 && row.nextFireTime() <= now)
        .sorted(Comparator.comparing(row -> places.getOrDefault(row.name(), 0)))
        .toList();
  }

  private record Named(TriggerName name, int rank, boolean fresh) {}

  private List<Named> names(Connection connection, List<Span> spans, long now, int most)
      throws SQLException {
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int rank = 0; rank < Turns.CLASSES; rank++) {
      Span span = spans.get(rank);
      if (span.count() > 0) {
        for (boolean fresh : new boolean[] {false, true}) {
          parts.add(part(rank, fresh));
          values.add(tables.scheduler());
          values.add(span.first());
          values.add(Math.min(span.last(), now));
          values.add(Math.min(span.count(), fresh ? Math.max(1, most / FRESH) : most));
        }
      }
    }
    return Sql.query(
        connection,
        tables.sql(String.join("UNION ALL\n", parts)),
        row -> new Named(SubRows.name(row), row.getInt("class"), row.getBoolean("fresh")),
        values);
  }

  private static String part(int rank, boolean fresh) {
    return """
        (SELECT %d AS class, %s AS fresh, TRIGGER_NAME, TRIGGER_GROUP
          FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
          WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING'
            AND NEXT_FIRE_TIME >= ? AND NEXT_FIRE_TIME <= ? AND %s
          ORDER BY NEXT_FIRE_TIME %s
          LIMIT ?)
        """
        .formatted(rank, fresh ? "TRUE" : "FALSE", CONDITIONS.get(rank), fresh ? "DESC" : "");
  }

  /** Of one class: the oldest first, and every so often the youngest. */
  private static List<TriggerName> inTurn(List<Named> found, int rank, int turn) {
    List<TriggerName> oldest = names(found, rank, false);
    List<TriggerName> youngest = names(found, rank, true);
    Set<TriggerName> all = new LinkedHashSet<>();
    int young = 0;
    for (int n = 0; n < oldest.size(); n++) {
      if (Math.floorMod(turn + n, FRESH) == FRESH - 1 && young < youngest.size()) {
        all.add(youngest.get(young++));
      }
      all.add(oldest.get(n));
    }
    return List.copyOf(all);
  }

  private static List<TriggerName> names(List<Named> found, int rank, boolean fresh) {
    return found.stream()
        .filter(named -> named.rank() == rank && named.fresh() == fresh)
        .map(Named::name)
        .toList();
  }
}
