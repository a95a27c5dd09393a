package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of one table by UTC day of {@code scheduled_at}. Thread-safe. */
final class DayPartitions {
  /** The tables that have them, the one with the states first. */
  static final List<DayPartitions> ALL =
      List.of(new DayPartitions("execution"), new DayPartitions("attempt"));

  private static final Logger log = LoggerFactory.getLogger(DayPartitions.class);
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final String table;

  private DayPartitions(String table) {
    this.table = table;
  }

  /**
   * A partition.
   *
   * @param end the first instant after it; {@link Instant#MAX} of {@code p_max}
   */
  record Partition(String name, Instant end) {
    boolean isDay() {
      return !name.equals("p_old") && !name.equals("p_max");
    }
  }

  /** In order of time. */
  List<Partition> read(Connection connection) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT PARTITION_NAME AS name, PARTITION_DESCRIPTION AS bound
        FROM information_schema.PARTITIONS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND PARTITION_NAME IS NOT NULL
        ORDER BY PARTITION_ORDINAL_POSITION
        """,
        row -> new Partition(row.getString("name"), end(row.getString("bound"))),
        table);
  }

  private static Instant end(String bound) {
    return bound.equals("MAXVALUE") ? Instant.MAX : Instant.ofEpochMilli(Long.parseLong(bound));
  }

  /** The days from one to another, both included, that have no partition yet. */
  List<LocalDate> missing(Connection connection, LocalDate from, LocalDate to) throws SQLException {
    Instant covered =
        read(connection).stream()
            .map(Partition::end)
            .filter(end -> !end.equals(Instant.MAX))
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return from.datesUntil(to.plusDays(1)).filter(day -> endOf(day).isAfter(covered)).toList();
  }

  /**
   * Cuts days off {@code p_max}, which is empty but for clocks that are far ahead. The first one
   * takes in whatever lies between the last partition and it.
   *
   * @return false if the table was in use for too long: to be tried again later
   */
  boolean make(Connection connection, List<LocalDate> days) throws SQLException {
    StringBuilder parts = new StringBuilder();
    for (LocalDate day : days) {
      parts.append(
          "PARTITION p%s VALUES LESS THAN (%d), "
              .formatted(DAY.format(day), endOf(day).toEpochMilli()));
    }
    return change(
        connection,
        """
        ALTER TABLE %s REORGANIZE PARTITION p_max INTO (
          %s PARTITION p_max VALUES LESS THAN MAXVALUE
        )
        """
            .formatted(table, parts));
  }

  /**
   * @return false if the table was in use for too long: to be tried again later
   */
  boolean drop(Connection connection, Partition partition) throws SQLException {
    return change(
        connection, "ALTER TABLE %s DROP PARTITION %s".formatted(table, partition.name()));
  }

  private boolean change(Connection connection, String statement) throws SQLException {
    try {
      Sql.update(connection, statement);
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() != LOCK_WAIT_TIMEOUT) {
        throw e;
      }
      log.info("table {} is in use for over a second; its partitions are changed later", table);
      return false;
    }
  }

  private static Instant endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
