package io.carillon.chaos;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Makes a thousand jobs of each one that is there, faster than any client could. */
final class Copies {
  private static final String A_THOUSAND =
      """
      (SELECT a.d + 10 * b.d + 100 * c.d AS n
         FROM (%1$s) a CROSS JOIN (%1$s) b CROSS JOIN (%1$s) c) numbers
      """
          .formatted(
              "SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4"
                  + " UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9");

  private Copies() {}

  /** Copies every one-time job under names of its own. */
  static void make(ProxiedCluster.Access database) throws SQLException {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      copy(connection, "job", List.of("id"));
      copy(connection, "job_version", List.of("id"));
      copy(connection, "QRTZ_JOB_DETAILS", List.of("JOB_NAME"));
      copy(connection, "QRTZ_TRIGGERS", List.of("TRIGGER_NAME", "JOB_NAME"));
      copy(connection, "QRTZ_SIMPLE_TRIGGERS", List.of("TRIGGER_NAME"));
      connection.commit();
    }
  }

  /** Makes every trigger due some time in the half minute before this instant. */
  static void makeDue(ProxiedCluster.Access database, Instant before) throws SQLException {
    try (Connection connection = database.open()) {
      Sql.update(
          connection,
          """
          UPDATE QRTZ_TRIGGERS
             SET NEXT_FIRE_TIME = ? - CRC32(TRIGGER_NAME) % 30000, START_TIME = NEXT_FIRE_TIME
          """,
          before.toEpochMilli());
    }
  }

  private static void copy(Connection connection, String table, List<String> names)
      throws SQLException {
    List<String> columns =
        Sql.query(
            connection,
            """
            SELECT COLUMN_NAME FROM information_schema.COLUMNS
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
            """,
            row -> row.getString(1),
            table);
    String values =
        columns.stream()
            .map(each -> names.contains(each) ? "CONCAT(" + each + ", '-', n)" : each)
            .collect(Collectors.joining(", "));
    Sql.update(
        connection,
        "INSERT INTO %s (%s) SELECT %s FROM (SELECT * FROM %s) templates CROSS JOIN %s"
            .formatted(table, String.join(", ", columns), values, table, A_THOUSAND));
  }
}
