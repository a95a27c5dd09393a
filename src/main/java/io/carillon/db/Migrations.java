package io.carillon.db;

import io.carillon.config.DatabaseConfig.Migrate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date with the numbered files below {@code db/migration}. Several nodes
 * may do so at once: one holds a named lock of the database server meanwhile, and the others find
 * the work done. (Flyway's own lock does not cover the making of its history table.)
 */
final class Migrations {
  private static final Logger log = LoggerFactory.getLogger(Migrations.class);
  private static final String HISTORY_TABLE = "carillon_schema";
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** One lock per schema; names of locks are for the whole server and 64 characters at most. */
  private static final String LOCK =
      "SELECT GET_LOCK(CONCAT('carillon.', SHA1(DATABASE())), %d)".formatted(PATIENCE.toSeconds());

  private final JdbcAddress address;
  private final Flyway flyway;

  Migrations(JdbcAddress address, String tablePrefix) {
    this(address, tablePrefix, "classpath:db/migration");
  }

  Migrations(JdbcAddress address, String tablePrefix, String location) {
    this.address = address;
    Properties properties = address.properties();
    Map<String, String> driver = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> driver.put(name, properties.getProperty(name)));
    String user = driver.remove("user");
    String password = driver.remove("password");
    driver.put("socketTimeout", Long.toString(PATIENCE.toMillis()));
    this.flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(address.url(), user, password)
            .jdbcProperties(driver)
            .locations(location)
            .placeholders(Map.of("prefix", tablePrefix))
            .table(HISTORY_TABLE)
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .lockRetryCount(600)
            .load();
  }

  /**
   * Migrates or checks, as configured.
   *
   * @throws DatabaseUnusableException if the schema is newer than this server, older and must not
   *     be touched, or a migration fails
   */
  void run(Migrate migrate) {
    try (Connection holder = address.connect(CONNECT, PATIENCE.plus(CONNECT))) {
      boolean mine = Sql.queryOne(holder, LOCK, row -> row.getInt(1) == 1).orElse(false);
      if (!mine) {
        throw new DatabaseUnavailableException(
            "Another node has been migrating the schema for " + PATIENCE.toMinutes() + " minutes");
      }
      refuseNewer();
      if (migrate == Migrate.NEVER) {
        refuseOlder();
      } else {
        migrate();
      }
    } catch (FlywayException failed) {
      throw translate(failed);
    } catch (SQLException failed) {
      throw new DatabaseUnavailableException("The schema could not be checked", failed);
    }
  }

  private void migrate() {
    MigrateResult result = flyway.migrate();
    if (result.migrationsExecuted > 0) {
      log.info("Schema brought to version {}", result.targetSchemaVersion);
    }
  }

  /** A connection that broke is worth another try; a migration that fails is not. */
  private static RuntimeException translate(FlywayException failed) {
    String message = "The schema could not be checked or migrated: " + firstLine(failed);
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && String.valueOf(sql.getSQLState()).startsWith("08")) {
        return new DatabaseUnavailableException(message, failed);
      }
    }
    return new DatabaseUnusableException(message, failed);
  }

  private void refuseNewer() {
    String newer =
        Arrays.stream(flyway.info().applied())
            .filter(applied -> applied.getState().name().startsWith("FUTURE"))
            .map(MigrationInfo::getVersion)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    if (!newer.isEmpty()) {
      throw new DatabaseUnusableException(
          "The schema is newer than this server (it has version %s): start a newer Carillon"
              .formatted(newer));
    }
  }

  private void refuseOlder() {
    MigrationInfo[] pending = flyway.info().pending();
    if (pending.length > 0) {
      throw new DatabaseUnusableException(
          "The schema is older than this server (%d migrations are due) and carillon.db.migrate is never: start one node with CARILLON_DB_MIGRATE=auto"
              .formatted(pending.length));
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
  }
}
