package io.carillon.db;

import io.carillon.config.Configuration;
import io.carillon.config.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/**
 * A fresh, migrated schema of a real database: the server that {@code TEST_DB_URL} names (with
 * {@code TEST_DB_USER} and {@code TEST_DB_PASSWORD}), else MySQL 8.4 in Docker where an engine
 * answers, else the embedded MariaDB, started once per JVM below {@code target/}. Each test class
 * takes one of its own and closes it, which drops the schema.
 */
public final class TestDatabase implements AutoCloseable {
  private static final String PREFIX = "carillon_test_";

  /** Unpacked once for all embedded databases of the tests. */
  static final Path SOFTWARE = Path.of("target", "test-software");

  private final Server server;
  private final String name;
  private final Database database;

  private TestDatabase(Server server, String name, Database database) {
    this.server = server;
    this.name = name;
    this.database = database;
  }

  /** How to reach a server with a user who may create schemas. */
  record Server(String url, String user, String password) {
    /** The same server, another schema. */
    String urlOf(String schema) {
      return url.replaceFirst("(//[^/]+/)[^?]*", "$1" + schema);
    }

    void execute(String statement) {
      try (Connection connection = DriverManager.getConnection(url, user, password);
          Statement sql = connection.createStatement()) {
        sql.execute(statement);
      } catch (SQLException failed) {
        throw new IllegalStateException(statement, failed);
      }
    }
  }

  /** One server for the whole JVM, started by the first test that needs it. */
  private static final class Shared {
    static final @Nullable Server SERVER;
    static final @Nullable RuntimeException FAILURE; // told to each test, not to the first only

    static {
      Server started = null;
      RuntimeException failure = null;
      try {
        started = start();
      } catch (RuntimeException failed) {
        failure = failed;
      }
      SERVER = started;
      FAILURE = failure;
    }

    private static Server start() {
      String url = System.getenv("TEST_DB_URL");
      if (url != null && !url.isBlank()) {
        return new Server(
            url,
            System.getenv().getOrDefault("TEST_DB_USER", "root"),
            System.getenv().getOrDefault("TEST_DB_PASSWORD", ""));
      }
      return dockerAnswers() ? docker() : embedded();
    }

    private static boolean dockerAnswers() {
      boolean likely =
          System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
      return likely && DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // Testcontainers ends it with the JVM
    private static Server docker() {
      MySQLContainer mysql =
          new MySQLContainer("mysql:8.4").withUsername("root").withPassword("test");
      mysql.start();
      return new Server(mysql.getJdbcUrl(), mysql.getUsername(), mysql.getPassword());
    }

    private static Server embedded() {
      EmbeddedMariaDb mariaDb = embeddedBelowTarget();
      Runtime.getRuntime().addShutdownHook(new Thread(mariaDb::close, "test-database-stop"));
      Server server = new Server(mariaDb.url(), mariaDb.user(), mariaDb.password());
      leftBehind(server).forEach(schema -> server.execute("DROP DATABASE `" + schema + "`"));
      return server;
    }

    private static EmbeddedMariaDb embeddedBelowTarget() {
      try {
        String fork = System.getProperty("test.fork", "1");
        return EmbeddedMariaDb.start(Path.of("target", "test-database-" + fork), 0, SOFTWARE);
      } catch (DatabaseUnusableException unusable) {
        if (unusable.getCause() != null) {
          throw unusable; // it does not start
        }
        long pid = ProcessHandle.current().pid(); // other tests run on it
        return EmbeddedMariaDb.start(Path.of("target", "test-database-of-" + pid), 0, SOFTWARE);
      }
    }

    private static List<String> leftBehind(Server server) {
      List<String> schemas = new ArrayList<>();
      try (Connection connection =
              DriverManager.getConnection(server.url(), server.user(), server.password());
          Statement sql = connection.createStatement();
          ResultSet rows = sql.executeQuery("SHOW DATABASES LIKE '" + PREFIX + "%'")) {
        while (rows.next()) {
          schemas.add(rows.getString(1));
        }
      } catch (SQLException failed) {
        throw new IllegalStateException("The test database does not answer", failed);
      }
      return schemas;
    }
  }

  /** A migrated schema with a pool of 8 connections. */
  public static TestDatabase create() {
    return create(Map.of());
  }

  /** The same with further configuration keys, such as the pool's size. */
  public static TestDatabase create(Map<String, String> keys) {
    Server server = server();
    String name = emptySchema(server);
    try {
      Map<String, String> values = new HashMap<>();
      values.put("org.quartz.dataSource.carillon.maxConnections", "8");
      values.putAll(keys);
      return new TestDatabase(server, name, Database.open(config(server, name, values)));
    } catch (RuntimeException failed) {
      server.execute("DROP DATABASE " + name);
      throw failed;
    }
  }

  /** The server that the tests of this JVM share. */
  static Server server() {
    if (Shared.SERVER == null) {
      throw new IllegalStateException("No test database: " + Shared.FAILURE, Shared.FAILURE);
    }
    return Shared.SERVER;
  }

  /** A schema without tables; the caller drops it. */
  static String emptySchema(Server server) {
    String name = PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    server.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
    return name;
  }

  /** The configuration of a node on that schema. */
  static DatabaseConfig config(Server server, String name, Map<String, String> values) {
    return Configuration.of(values)
        .database()
        .at(server.urlOf(name), server.user(), server.password());
  }

  public DataSource dataSource() {
    return database.dataSource();
  }

  /** What a test does inside one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  public <T> T transaction(Work<T> work) {
    try (Connection connection = dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a node would get. */
  public Database database() {
    return database;
  }

  /** The schema's name. */
  public String name() {
    return name;
  }

  /** For a node in another process: {@code org.quartz.dataSource.carillon.URL}. */
  public String url() {
    return server.urlOf(name);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  /** Closes the pool and drops the schema. */
  @Override
  public void close() {
    database.close();
    server.execute("DROP DATABASE IF EXISTS " + name);
  }
}
