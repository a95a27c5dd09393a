package io.carillon.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.carillon.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one database of this node: a pool, connections outside it for check-ins, and the embedded
 * server if there is one. Safe for threads; {@link #close} is idempotent.
 *
 * <p>Connections are in auto-commit mode, READ COMMITTED, with the session in UTC. A row lock is
 * waited for 5 s at most.
 */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final Duration CHECK_IN_CONNECT = Duration.ofSeconds(1);
  private static final Duration CHECK_IN_ANSWER = Duration.ofMillis(1200);

  /** Access denied (to the server, to the schema), unknown schema: time does not cure these. */
  private static final Set<Integer> HOPELESS = Set.of(1044, 1045, 1049, 1698);

  private final JdbcAddress address;
  private final String sessionSettings;
  private final DatabaseFacts facts;
  private final HikariDataSource pool;
  private final @Nullable EmbeddedMariaDb embedded;

  private Database(
      JdbcAddress address,
      ServerVersion version,
      DatabaseFacts facts,
      HikariDataSource pool,
      @Nullable EmbeddedMariaDb embedded) {
    this.address = address;
    this.sessionSettings = version.sessionSettings();
    this.facts = facts;
    this.pool = pool;
    this.embedded = embedded;
  }

  /**
   * Starts the embedded database where no URL is set, checks the server, brings the schema up to
   * date, and opens the pool. Bounded; may be called again after {@link
   * DatabaseUnavailableException}.
   *
   * @throws DatabaseUnavailableException if the database cannot be reached now
   * @throws DatabaseUnusableException if it never can be used like this
   */
  public static Database open(DatabaseConfig config) {
    if (!config.embedded()) {
      return open(config, null);
    }
    EmbeddedMariaDb embedded = EmbeddedMariaDb.start(config.dataDir(), config.dataPort());
    try {
      return open(config.at(embedded.url(), embedded.user(), embedded.password()), embedded);
    } catch (RuntimeException failed) {
      embedded.close();
      throw failed;
    }
  }

  private static Database open(DatabaseConfig config, @Nullable EmbeddedMariaDb embedded) {
    JdbcAddress address = new JdbcAddress(config);
    ServerVersion version;
    DatabaseFacts facts;
    try (Connection connection = address.connect(CONNECT, PROBE)) {
      version = ServerVersion.parse(one(connection, "SELECT VERSION()"));
      version.requireSupported();
      prepare(connection, version.sessionSettings());
      facts = readFacts(connection, version, embedded != null);
    } catch (SQLException failed) {
      throw translate(address, failed);
    }
    warnAbout(facts, config);
    new Migrations(address, config.tablePrefix()).run(config.migrate());
    HikariDataSource pool = new HikariDataSource(settings(config, address, version));
    Database database = new Database(address, version, facts, pool, embedded);
    try (Connection connection = pool.getConnection()) {
      requireReadCommitted(connection, version);
    } catch (SQLException failed) {
      pool.close();
      throw translate(address, failed);
    } catch (DatabaseUnusableException refused) {
      pool.close();
      throw refused;
    }
    return database;
  }

  private static HikariConfig settings(
      DatabaseConfig config, JdbcAddress address, ServerVersion version) {
    HikariConfig settings = new HikariConfig();
    settings.setPoolName("carillon");
    settings.setJdbcUrl(address.url());
    settings.setDataSourceProperties(address.properties());
    settings.setMaximumPoolSize(config.poolSize());
    settings.setConnectionTimeout(CONNECT.toMillis());
    settings.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    settings.setMaxLifetime(Duration.ofMinutes(5).toMillis());
    settings.setKeepaliveTime(Duration.ofSeconds(30).toMillis());
    settings.setInitializationFailTimeout(-1);
    settings.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    settings.setConnectionInitSql(version.sessionSettings());
    return settings;
  }

  /** The pool. A caller waits 2 s for a connection at most. */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * A new connection outside the pool that answers within 1.2 s or fails, so that a check-in never
   * waits for the pool. The caller owns it and opens another one when it fails.
   */
  public Connection openCheckInConnection() throws SQLException {
    Connection connection = address.connect(CHECK_IN_CONNECT, CHECK_IN_ANSWER);
    try {
      prepare(connection, sessionSettings);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /**
   * Notes a node of this process for its successors on the same embedded database. @return the
   * nodes of earlier processes, which are certainly gone: only one process at a time can hold the
   * data directory. Empty for a database that others may use as well
   */
  public Set<String> succeed(String nodeId) {
    return embedded == null ? Set.of() : embedded.succeed(nodeId);
  }

  /** What was found at start. */
  public DatabaseFacts facts() {
    return facts;
  }

  /** Where the database is, without user and password. */
  @Override
  public String toString() {
    return address.toString();
  }

  /** Closes the pool, then stops the embedded database. */
  @Override
  public void close() {
    pool.close();
    if (embedded != null) {
      embedded.close();
    }
  }

  private static void prepare(Connection connection, String sessionSettings) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sessionSettings);
    }
  }

  private static DatabaseFacts readFacts(
      Connection connection, ServerVersion version, boolean embedded) throws SQLException {
    return new DatabaseFacts(
        version.product(),
        version.text(),
        requireReadCommitted(connection, version),
        one(connection, "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit").equals("1"),
        Integer.parseInt(one(connection, "SELECT @@GLOBAL.max_connections")),
        embedded);
  }

  /** Under any other level two nodes can fire one instant, so there is no going on. */
  private static String requireReadCommitted(Connection connection, ServerVersion version)
      throws SQLException {
    String isolation = one(connection, "SELECT @@SESSION." + version.isolationVariable());
    if (!isolation.equals("READ-COMMITTED")) {
      throw new DatabaseUnusableException(
          "The connection's isolation is %s although READ-COMMITTED was set".formatted(isolation));
    }
    return isolation;
  }

  private static void warnAbout(DatabaseFacts facts, DatabaseConfig config) {
    if (!facts.durable()) {
      log.warn(
          "NOT DURABLE: the database's innodb_flush_log_at_trx_commit is not 1. "
              + "A crash of its host loses jobs that were accepted. Set it to 1.");
    }
    int needed = config.poolSize() + 1;
    if (needed > facts.maxConnections()) {
      log.warn(
          "This node may open {} connections, the database allows {} in all: lower "
              + "org.quartz.dataSource.carillon.maxConnections or raise max_connections",
          needed,
          facts.maxConnections());
    }
  }

  private static RuntimeException translate(JdbcAddress address, SQLException failed) {
    String message = String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    if (HOPELESS.contains(failed.getErrorCode())) {
      return new DatabaseUnusableException(
          "The database %s refuses: %s".formatted(address, message), failed);
    }
    return new DatabaseUnavailableException(
        "The database %s cannot be reached: %s".formatted(address, message), failed);
  }

  private static String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next()) {
        throw new SQLException("No answer to " + query);
      }
      return rows.getString(1);
    }
  }
}
