package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.config.DatabaseConfig;
import io.carillon.config.DatabaseConfig.Migrate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  private final TestDatabase.Server server = TestDatabase.server();
  private String schema;

  @BeforeEach
  void createSchema() {
    schema = TestDatabase.emptySchema(server);
  }

  @AfterEach
  void dropSchema() {
    server.execute("DROP DATABASE " + schema);
  }

  private JdbcAddress address() {
    return new JdbcAddress(TestDatabase.config(server, schema, Map.of()));
  }

  private Migrations migrations() {
    return new Migrations(address(), "QRTZ_");
  }

  private List<String> rows(String query) throws SQLException {
    try (Connection connection = address().connect(Duration.ofSeconds(2), Duration.ofSeconds(10))) {
      return Sql.query(connection, query, row -> row.getString(1));
    }
  }

  @Test
  void nodes_that_start_together_migrate_once() throws Exception {
    int nodes = 6;
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(nodes);
    try {
      List<Future<?>> starts = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        starts.add(
            pool.submit(
                () -> {
                  Migrations own = migrations();
                  go.await();
                  own.run(Migrate.AUTO);
                  return null;
                }));
      }
      go.countDown();
      for (Future<?> start : starts) {
        start.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(
            rows(
                "SELECT version FROM carillon_schema WHERE success = 1 AND type = 'SQL' ORDER BY installed_rank"))
        .startsWith("1", "2")
        .doesNotHaveDuplicates();
    assertThat(rows("SHOW TABLES")).contains("QRTZ_TRIGGERS", "execution", "v_next_fires");
  }

  @Test
  void the_table_prefix_is_the_configured_one() throws Exception {
    new Migrations(address(), "BELL_").run(Migrate.AUTO);
    assertThat(rows("SHOW TABLES")).contains("BELL_TRIGGERS", "BELL_LOCKS");
    assertThat(rows("SELECT COUNT(*) FROM v_next_fires")).containsExactly("0");
  }

  @Test
  void never_means_that_an_older_schema_stops_the_start_untouched() throws Exception {
    assertThatThrownBy(() -> migrations().run(Migrate.NEVER))
        .isInstanceOf(DatabaseUnusableException.class)
        .hasMessageContaining("older than this server")
        .hasMessageContaining("CARILLON_DB_MIGRATE=auto");
    assertThat(rows("SHOW TABLES")).isEmpty();
    migrations().run(Migrate.AUTO);
    assertThatCode(() -> migrations().run(Migrate.NEVER)).doesNotThrowAnyException();
  }

  @Test
  void a_newer_schema_stops_the_start() throws Exception {
    migrations().run(Migrate.AUTO);
    try (Connection connection = address().connect(Duration.ofSeconds(2), Duration.ofSeconds(10))) {
      Sql.update(
          connection,
          """
          INSERT INTO carillon_schema
            (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
          VALUES (900, '900', 'of the future', 'SQL', 'V900__x.sql', 1, 'me', 1, 1)
          """);
    }
    for (Migrate migrate : Migrate.values()) {
      assertThatThrownBy(() -> migrations().run(migrate))
          .isInstanceOf(DatabaseUnusableException.class)
          .hasMessageContaining("newer than this server")
          .hasMessageContaining("900");
    }
  }

  @Test
  void a_schema_with_other_tables_is_taken_and_they_stay() throws Exception {
    server.execute("CREATE TABLE " + schema + ".shop (id INT PRIMARY KEY)");
    migrations().run(Migrate.AUTO);
    assertThat(rows("SHOW TABLES")).contains("shop", "QRTZ_JOB_DETAILS");
  }

  @Test
  void open_refuses_a_newer_schema_as_well() {
    migrations().run(Migrate.AUTO);
    server.execute("UPDATE " + schema + ".carillon_schema SET version = '77' WHERE version = '2'");
    DatabaseConfig config = TestDatabase.config(server, schema, Map.of());
    assertThatThrownBy(() -> Database.open(config).close())
        .isInstanceOf(DatabaseUnusableException.class);
  }
}
