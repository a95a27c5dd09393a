package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsViewsTest {
  private static final Instant NOW = InstantSource.system().instant();
  @AutoClose private static TestDatabase test;
  private Connection connection;

  @BeforeAll
  static void open() {
    test = TestDatabase.create();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = test.dataSource().getConnection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void rollBack() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    connection.close();
  }

  private void job(String name) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO QRTZ_JOB_DETAILS (SCHED_NAME, JOB_NAME, JOB_GROUP, JOB_CLASS_NAME, IS_DURABLE,
          IS_NONCONCURRENT, IS_UPDATE_DATA, REQUESTS_RECOVERY)
        VALUES ('carillon', ?, 'default', 'c', '1', '0', '0', '1')
        """,
        name);
  }

  private void trigger(String job, String state, Instant next) throws SQLException {
    job(job);
    Sql.update(
        connection,
        """
        INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
          NEXT_FIRE_TIME, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME)
        VALUES ('carillon', ?, 'q', ?, 'default', ?, 5, ?, 'SIMPLE', 0)
        """,
        job + "-t",
        job,
        next,
        state);
  }

  private void fired(String job, String entry, String node, String state) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE, JOB_NAME, JOB_GROUP)
        VALUES ('carillon', ?, ?, 'q', ?, ?, ?, 5, ?, ?, 'default')
        """,
        entry,
        job + "-t",
        node,
        NOW.minusSeconds(30),
        NOW.minusSeconds(31),
        state,
        job);
  }

  private void node(String name, Instant renewed) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at, lease_ms)
        VALUES (?, ?, 1, 'ACTIVE', ?, ?, 4000)
        """,
        name,
        name,
        NOW.minusSeconds(100),
        renewed);
  }

  private List<String> rows(String query) throws SQLException {
    return Sql.query(connection, query, row -> row.getString(1));
  }

  @Test
  void next_fires_come_in_order_with_utc_times_in_any_session() throws Exception {
    trigger("later", "WAITING", Instant.parse("2031-07-01T12:00:00.250Z"));
    trigger("sooner", "PAUSED", Instant.parse("2031-03-30T01:30:00Z"));
    trigger("never", "COMPLETE", Instant.ofEpochMilli(-1));
    String query = "SELECT CONCAT_WS(' ', job, state, next_fire_utc) FROM v_next_fires";
    List<String> expected =
        List.of(
            "sooner PAUSED 2031-03-30 01:30:00.000000", "later WAITING 2031-07-01 12:00:00.250000");
    for (String zone : List.of("+00:00", "-11:00", "+05:30")) {
      Sql.update(connection, "SET time_zone = '" + zone + "'");
      assertThat(rows(query)).as(zone).isEqualTo(expected);
    }
    Sql.update(connection, "SET time_zone = '+00:00'");
    assertThat(rows("SELECT in_seconds > 0 FROM v_next_fires LIMIT 1")).containsExactly("1");
  }

  @Test
  void late_is_what_waits_for_more_than_two_seconds() throws Exception {
    trigger("late", "WAITING", NOW.minusSeconds(90));
    trigger("due", "WAITING", NOW.plusSeconds(60));
    trigger("paused", "PAUSED", NOW.minusSeconds(90));
    Sql.update(connection, "SET time_zone = '-11:00'");
    assertThat(rows("SELECT CONCAT(job, ' ', late_seconds BETWEEN 89 AND 200) FROM v_late"))
        .containsExactly("late 1");
    Sql.update(connection, "SET time_zone = '+00:00'");
  }

  @Test
  void running_is_what_executes() throws Exception {
    trigger("busy", "BLOCKED", NOW.plusSeconds(10));
    fired("busy", "e1", "n1", "EXECUTING");
    fired("busy", "e2", "n1", "ACQUIRED");
    fired("busy", "e3", "AWAITING", "CANCELLING");
    assertThat(
            rows(
                "SELECT CONCAT_WS(' ', execution_id, job, queue, node, running_seconds BETWEEN 29 AND 200)"
                    + " FROM v_running"))
        .containsExactlyInAnyOrder("e1 busy q n1 1", "e3 busy q AWAITING 1");
  }

  @Test
  void stuck_is_what_no_living_node_owns() throws Exception {
    node("alive", NOW.plusSeconds(3600));
    node("dead", NOW.minusSeconds(60));
    trigger("broken", "ERROR", NOW);
    trigger("orphan", "ACQUIRED", NOW);
    trigger("blocked", "BLOCKED", NOW);
    trigger("held", "ACQUIRED", NOW);
    fired("held", "e1", "alive", "ACQUIRED");
    trigger("lost", "WAITING", NOW.plusSeconds(60));
    fired("lost", "e2", "dead", "EXECUTING");
    fired("lost", "e3", "AWAITING", "EXECUTING");
    assertThat(rows("SELECT CONCAT_WS(': ', job, what, node) FROM v_stuck"))
        .containsExactlyInAnyOrder(
            "broken: trigger in state ERROR",
            "orphan: trigger in state ACQUIRED without a fired row",
            "blocked: trigger in state BLOCKED without a fired row",
            "lost: fired row in state EXECUTING of a node that is gone: dead");
  }

  @Test
  void queues_tell_what_waits_is_held_and_runs_in_them() throws Exception {
    trigger("due", "WAITING", NOW.minusSeconds(1));
    trigger("later", "WAITING", NOW.plusSeconds(600));
    trigger("held", "HELD", NOW.minusSeconds(1));
    trigger("behind", "QUEUED", NOW.minusSeconds(1));
    trigger("paused", "PAUSED", NOW.minusSeconds(1));
    fired("due", "e1", "n1", "EXECUTING");
    assertThat(
            rows(
                "SELECT CONCAT_WS(' ', queue, waiting, due, held, behind_others, paused, running)"
                    + " FROM v_queues"))
        .containsExactly("q 2 1 1 1 1 1");
  }

  @Test
  void nodes_are_alive_or_not() throws Exception {
    node("a", NOW.plusSeconds(3600));
    node("b", Instant.parse("2026-01-02T03:04:05.678Z"));
    assertThat(rows("SELECT CONCAT_WS(' ', node, alive) FROM v_nodes"))
        .containsExactly("a 1", "b 0");
    assertThat(rows("SELECT renewed_utc FROM v_nodes WHERE node = 'b'"))
        .containsExactly("2026-01-02 03:04:05.678000");
  }

  @Test
  void the_grant_script_makes_a_reader_who_sees_work_but_no_payloads() throws Exception {
    String user = test.name().substring(0, 24);
    String script =
        Files.readString(Path.of("src/docs/sql/grant-operations-reader.sql"))
            .replaceAll("(?m)^--.*$", "")
            .replace("carillon_reader", user)
            .replace("change-me", "reader-password");
    for (String statement : Arrays.stream(script.split(";")).filter(s -> !s.isBlank()).toList()) {
      Sql.update(connection, statement);
    }
    try (Connection reader = DriverManager.getConnection(test.url(), user, "reader-password")) {
      for (String view :
          Sql.query(
              connection,
              "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> 'v_job_versions'",
              row -> row.getString(1),
              test.name())) {
        assertThat(Sql.query(reader, "SELECT * FROM " + view, row -> row)).isEmpty();
      }
      assertThat(Sql.query(reader, "SELECT id, state FROM job", row -> row)).isEmpty();
      for (String forbidden :
          List.of(
              "SELECT spec FROM job",
              "SELECT response FROM execution",
              "SELECT response FROM dead_letter",
              "SELECT * FROM secret",
              "SELECT payload FROM event",
              "SELECT * FROM idempotency",
              "DELETE FROM node")) {
        assertThatThrownBy(() -> reader.createStatement().execute(forbidden))
            .as(forbidden)
            .hasMessageContaining("denied");
      }
    } finally {
      Sql.update(connection, "DROP USER '" + user + "'@'%'");
    }
  }
}
