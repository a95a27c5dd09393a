package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.config.DatabaseConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  @AutoClose private static TestDatabase test;

  @BeforeAll
  static void open() {
    test = TestDatabase.create();
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    return Sql.query(connection, query, row -> row.getString(1));
  }

  /** MariaDB before 11.1 has another name for it. */
  private static String isolation() {
    return "@@SESSION."
        + ServerVersion.parse(test.database().facts().version()).isolationVariable();
  }

  private static DatabaseConfig at(String url, String user, String password) {
    return TestDatabase.config(TestDatabase.server(), test.name(), Map.of())
        .at(url, user, password);
  }

  @Test
  void every_connection_reads_committed_rows_in_utc_and_waits_five_seconds_at_most()
      throws Exception {
    String settings =
        """
        SELECT CONCAT_WS(' ', %s, @@SESSION.innodb_lock_wait_timeout,
          @@SESSION.time_zone, @@SESSION.character_set_client)
        """
            .formatted(isolation());
    String expected = "READ-COMMITTED 5 +00:00 utf8mb4";
    String limit =
        test.database().facts().product().equals("MariaDB")
            ? "SELECT @@SESSION.idle_transaction_timeout = 1"
            : "SELECT @@SESSION.wait_timeout = 90";
    try (Connection checkIn = test.database().openCheckInConnection()) {
      assertThat(rows(checkIn, settings)).containsExactly(expected);
      assertThat(rows(checkIn, limit)).containsExactly("1");
    }
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(test.dataSource().getConnection());
    }
    for (Connection connection : all) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(rows(connection, settings)).containsExactly(expected);
      assertThat(rows(connection, limit)).containsExactly("1");
      connection.close();
    }
  }

  @Test
  void a_level_set_for_one_use_is_read_committed_again_at_the_next() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Connection connection = test.dataSource().getConnection()) {
        assertThat(rows(connection, "SELECT " + isolation())).containsExactly("READ-COMMITTED");
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        assertThat(rows(connection, "SELECT " + isolation())).containsExactly("SERIALIZABLE");
      }
    }
  }

  @Test
  void the_pool_gives_up_after_two_seconds_and_check_ins_do_not_need_it() throws Exception {
    List<Connection> all = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        all.add(test.dataSource().getConnection());
      }
      long begin = System.nanoTime();
      assertThatThrownBy(() -> test.dataSource().getConnection()).isInstanceOf(SQLException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(4));
      try (Connection checkIn = test.database().openCheckInConnection()) {
        assertThat(rows(checkIn, "SELECT 1")).containsExactly("1");
      }
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
  }

  @Test
  void a_check_in_that_gets_no_answer_fails_within_its_time() throws Exception {
    try (Connection checkIn = test.database().openCheckInConnection()) {
      long begin = System.nanoTime();
      assertThatThrownBy(() -> rows(checkIn, "SELECT SLEEP(10)")).isInstanceOf(SQLException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void instants_and_emoji_come_back_as_they_went() throws Exception {
    Instant instant = Instant.parse("2026-03-29T01:30:00Z");
    try (Connection connection = test.dataSource().getConnection()) {
      connection
          .createStatement()
          .execute(
              "CREATE TEMPORARY TABLE t (at TIMESTAMP(3), text VARCHAR(20) CHARACTER SET utf8mb4)");
      Sql.update(connection, "INSERT INTO t VALUES (?, ?)", Timestamp.from(instant), "🔔é");
      assertThat(rows(connection, "SELECT CONCAT(CAST(at AS CHAR), ' ', text) FROM t"))
          .containsExactly("2026-03-29 01:30:00.000 🔔é");
      assertThat(Sql.query(connection, "SELECT at FROM t", row -> row.getTimestamp(1).toInstant()))
          .containsExactly(instant);
    }
  }

  @Test
  void the_facts_say_what_the_server_is() {
    DatabaseFacts facts = test.database().facts();
    assertThat(facts.product()).isIn("MariaDB", "MySQL");
    assertThat(facts.isolation()).isEqualTo("READ-COMMITTED");
    assertThat(facts.maxConnections()).isPositive();
    assertThat(facts.version()).matches("\\d+\\.\\d+.*");
  }

  @Test
  void a_server_that_may_lose_commits_is_taken_but_named() throws Exception {
    String setting = "innodb_flush_log_at_trx_commit";
    try (Connection connection = test.dataSource().getConnection()) {
      String before = rows(connection, "SELECT @@GLOBAL." + setting).get(0);
      Sql.update(connection, "SET GLOBAL " + setting + " = 2");
      try (Database second = Database.open(at(test.url(), test.user(), test.password()))) {
        assertThat(second.facts().durable()).isFalse();
      } finally {
        Sql.update(connection, "SET GLOBAL " + setting + " = " + before);
      }
    }
  }

  @Test
  void nobody_there_is_unavailable_and_may_be_tried_again() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    String url = "jdbc:mysql://127.0.0.1:" + port + "/carillon?password=hidden";
    assertThatThrownBy(() -> Database.open(at(url, "u", "p")).close())
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageNotContaining("hidden");
  }

  @Test
  void a_server_that_accepts_and_says_nothing_is_unavailable_in_bounded_time() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      String url =
          "jdbc:mysql://127.0.0.1:" + silent.getLocalPort() + "/carillon?socketTimeout=900";
      long begin = System.nanoTime();
      assertThatThrownBy(() -> Database.open(at(url, "u", "p")).close())
          .isInstanceOf(DatabaseUnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(12));
    }
  }

  @Test
  void a_wrong_password_or_schema_is_no_matter_of_time() {
    assertThatThrownBy(() -> Database.open(at(test.url(), test.user(), "wrong")).close())
        .isInstanceOf(DatabaseUnusableException.class)
        .hasMessageContaining("Access denied")
        .hasMessageNotContaining("wrong");
    String elsewhere = TestDatabase.server().urlOf("carillon_no_such_schema");
    assertThatThrownBy(() -> Database.open(at(elsewhere, test.user(), test.password())).close())
        .isInstanceOf(DatabaseUnusableException.class)
        .hasMessageContaining("carillon_no_such_schema");
  }

  @Test
  void what_the_operator_says_in_the_url_stands() {
    JdbcAddress address = new JdbcAddress(at("jdbc:mysql://db/c?sockettimeout=77&x=1", "u", "p"));
    assertThat(address.properties())
        .doesNotContainKey("socketTimeout")
        .containsEntry("connectTimeout", "2000")
        .containsEntry("rewriteBatchedStatements", "true");
    assertThat(address.toString()).isEqualTo("jdbc:mysql://db/c");
  }

  @Test
  void closing_twice_is_fine() {
    Database second = Database.open(at(test.url(), test.user(), test.password()));
    second.close();
    second.close();
  }
}
