package io.carillon.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.quartz.Scheduler;

/** Quartz's own tables and indexes, made by the script that comes in its jar. Stateless. */
final class StockTables {
  private static final String SCRIPT = "/org/quartz/impl/jdbcjobstore/tables_mysql_innodb.sql";

  private StockTables() {}

  static void create(DatabaseServer.Schema schema) {
    String script = script().replaceAll("(?m)^\\s*(#|--).*$", "");
    try (Connection connection =
            DriverManager.getConnection(schema.url(), schema.user(), schema.password());
        Statement statement = connection.createStatement()) {
      for (String part : script.split(";")) {
        String sql = part.strip();
        if (!sql.isEmpty() && !sql.equalsIgnoreCase("commit")) {
          statement.execute(sql);
        }
      }
    } catch (SQLException fault) {
      throw new BenchFault("Quartz's tables", fault);
    }
  }

  private static String script() {
    try (InputStream in = Scheduler.class.getResourceAsStream(SCRIPT)) {
      return new String(Objects.requireNonNull(in, SCRIPT).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException fault) {
      throw new BenchFault(SCRIPT, fault);
    }
  }
}
