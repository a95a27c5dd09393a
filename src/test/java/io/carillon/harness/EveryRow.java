package io.carillon.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** All that a schema holds, to be searched for what must not be there. Stateless. */
public final class EveryRow {
  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";

  private EveryRow() {}

  /** All columns of all rows of all tables and views, binary ones byte by byte, one a line. */
  public static String of(DataSource schema) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = schema.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM `" + table + "`")) {
          while (rows.next()) {
            append(rows, all);
          }
        }
      }
    }
    return all.toString();
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet names = statement.executeQuery(TABLES)) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    return tables;
  }

  private static void append(ResultSet row, StringBuilder all) throws SQLException {
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      byte[] bytes = row.getBytes(i);
      all.append(bytes == null ? "" : new String(bytes, ISO_8859_1)).append('\n');
    }
  }
}
