package io.carillon.db;

import io.carillon.config.DatabaseConfig.Migrate;
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
 * may do so at once: Flyway holds a lock of the database server's meanwhile, and the others find
 * the work done.
 */
final class Migrations {
  private static final Logger log = LoggerFactory.getLogger(Migrations.class);
  private static final String HISTORY_TABLE = "carillon_schema";
  private static final String TEN_MINUTES = "600000";

  private final Flyway flyway;

  Migrations(JdbcAddress address, String tablePrefix) {
    this(address, tablePrefix, "classpath:db/migration");
  }

  Migrations(JdbcAddress address, String tablePrefix, String location) {
    Properties properties = address.properties();
    Map<String, String> driver = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> driver.put(name, properties.getProperty(name)));
    String user = driver.remove("user");
    String password = driver.remove("password");
    driver.put("socketTimeout", TEN_MINUTES);
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
    try {
      refuseNewer();
      if (migrate == Migrate.NEVER) {
        refuseOlder();
      } else {
        MigrateResult result = flyway.migrate();
        if (result.migrationsExecuted > 0) {
          log.info("Schema brought to version {}", result.targetSchemaVersion);
        }
      }
    } catch (FlywayException failed) {
      throw new DatabaseUnusableException(
          "The schema could not be checked or migrated: " + firstLine(failed), failed);
    }
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
