package io.carillon.bench;

import io.carillon.db.FreshMariaDb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database server of a run: the one that {@code BENCH_DB_URL} names (with {@code
 * BENCH_DB_USER}, {@code BENCH_DB_PASSWORD}), else a new embedded MariaDB with full durability, 2
 * GB of buffer pool and 1 GB of redo log. For one thread.
 */
final class DatabaseServer implements AutoCloseable {
  /** Where a side's tables are. */
  record Schema(String name, String url, String user, String password) {}

  private final String url;
  private final String user;
  private final String password;
  private final @Nullable FreshMariaDb embedded;
  private final Connection admin;
  private long own;

  private DatabaseServer(String url, String user, String password, @Nullable FreshMariaDb embedded)
      throws SQLException {
    this.url = url;
    this.user = user;
    this.password = password;
    this.embedded = embedded;
    this.admin = DriverManager.getConnection(url, user, password);
  }

  static DatabaseServer open(Path data, Path software) {
    String given = System.getenv("BENCH_DB_URL");
    try {
      if (given != null && !given.isBlank()) {
        return new DatabaseServer(
            given,
            System.getenv().getOrDefault("BENCH_DB_USER", "root"),
            System.getenv().getOrDefault("BENCH_DB_PASSWORD", ""),
            null);
      }
      return embedded(FreshMariaDb.start(data, software));
    } catch (SQLException fault) {
      throw new BenchFault("The database does not answer", fault);
    }
  }

  private static DatabaseServer embedded(FreshMariaDb started) throws SQLException {
    try {
      DatabaseServer server =
          new DatabaseServer(started.url(), started.user(), started.password(), started);
      server.execute("SET GLOBAL innodb_buffer_pool_size = " + (2L << 30));
      server.execute("SET GLOBAL innodb_log_file_size = " + (1L << 30));
      server.execute("SET GLOBAL max_connections = 1000");
      return server;
    } catch (SQLException | RuntimeException fault) {
      started.close();
      throw fault;
    }
  }

  /** What the run stands on, for the head of the page. */
  String facts() {
    return text("SELECT VERSION()")
        + ", flush at commit "
        + text("SELECT @@innodb_flush_log_at_trx_commit")
        + ", doublewrite "
        + text("SELECT @@innodb_doublewrite")
        + ", buffer pool "
        + (number("SELECT @@innodb_buffer_pool_size") >> 20)
        + " MB, redo log "
        + (embedded == null ? "as configured" : redoLogMegabytes() + " MB");
  }

  private long redoLogMegabytes() {
    return number("SELECT @@innodb_log_file_size") >> 20;
  }

  /** An empty schema of that name; one that was there is dropped. */
  Schema create(String name) {
    execute("DROP DATABASE IF EXISTS " + name);
    execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
    return new Schema(name, url.replaceFirst("(//[^/]+/)[^?]*", "$1" + name), user, password);
  }

  void drop(Schema schema) {
    execute("DROP DATABASE IF EXISTS " + schema.name());
  }

  /** The server's process; 0 if it is not ours. */
  long pid() {
    return embedded == null ? 0 : embedded.pid();
  }

  /** Statements the server has been asked for so far, without those of this object. */
  long questions() {
    long all = status("Questions");
    return all - own;
  }

  /** Calls of fsync so far. */
  long syncs() {
    return status("Innodb_data_fsyncs") + status("Innodb_os_log_fsyncs");
  }

  private long status(String name) {
    own++;
    try (PreparedStatement statement =
        admin.prepareStatement("SHOW GLOBAL STATUS LIKE '" + name + "'")) {
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(2) : 0;
      }
    } catch (SQLException fault) {
      throw new BenchFault(name, fault);
    }
  }

  void execute(String statement) {
    own++;
    try (Statement sql = admin.createStatement()) {
      sql.execute(statement);
    } catch (SQLException fault) {
      throw new BenchFault(statement, fault);
    }
  }

  int update(String statement) {
    own++;
    try (Statement sql = admin.createStatement()) {
      return sql.executeUpdate(statement);
    } catch (SQLException fault) {
      throw new BenchFault(statement, fault);
    }
  }

  /** Every row of a query as numbers. */
  List<long[]> numbers(String query) {
    own++;
    try (Statement sql = admin.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      List<long[]> result = new ArrayList<>();
      while (rows.next()) {
        long[] row = new long[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = rows.getLong(i + 1);
        }
        result.add(row);
      }
      return result;
    } catch (SQLException fault) {
      throw new BenchFault(query, fault);
    }
  }

  long number(String query) {
    return numbers(query).get(0)[0];
  }

  String text(String query) {
    own++;
    try (Statement sql = admin.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException fault) {
      throw new BenchFault(query, fault);
    }
  }

  @Override
  public void close() {
    try {
      admin.close();
    } catch (SQLException fault) {
      throw new BenchFault("Closing the connection", fault);
    } finally {
      if (embedded != null) {
        embedded.close();
      }
    }
  }
}
