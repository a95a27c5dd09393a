package io.carillon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @AutoClose private static TestDatabase database;
  private final Ledger ledger = new Ledger();
  private final Records records = new Records(() -> database.dataSource().getConnection());

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void empty() throws SQLException {
    update("DELETE FROM execution");
    update("DELETE FROM QRTZ_FIRED_TRIGGERS");
  }

  @Test
  void a_call_and_its_success_agree() throws Exception {
    recorded("run-1", "SUCCEEDED", 1);
    arrives("run-1", 1);

    assertThat(faults()).isEmpty();
    assertThat(records.stuck()).isEmpty();
  }

  @Test
  void a_success_without_a_call_is_a_fault() throws Exception {
    recorded("run-1", "SUCCEEDED", 1);

    assertThat(faults()).containsExactly("execution run-1 is SUCCEEDED and did not arrive");
  }

  @Test
  void a_call_that_is_not_recorded_is_a_fault() throws Exception {
    arrives("run-1", 1);

    assertThat(faults()).containsExactly("execution run-1 arrived and is not in the history");
  }

  @Test
  void a_call_that_has_not_ended_in_the_history_is_a_fault_and_stuck() throws Exception {
    recorded("run-1", "RUNNING", 1);
    update("UPDATE execution SET scheduled_at = 1");
    arrives("run-1", 1);

    assertThat(records.stuck()).containsExactly("without an end: run-1, RUNNING");
    assertThat(faults()).isNotEmpty();
  }

  @Test
  void an_attempt_that_the_history_does_not_know_is_a_fault() throws Exception {
    recorded("run-1", "SUCCEEDED", 1);
    arrives("run-1", 1);
    arrives("run-1", 2);

    assertThat(faults())
        .containsExactly("execution run-1 arrived as attempt 2, and has 1 in the history");
  }

  @Test
  void a_fired_row_that_nobody_completes_is_stuck() throws Exception {
    update(
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE)
        VALUES ('carillon', 'run-1', 'job-1', 'default', 'gone', 1, 1, 5, 'EXECUTING')
        """);

    assertThat(records.stuck()).contains("fired and not completed: run-1 of gone");
  }

  private List<String> faults() throws SQLException {
    return records.against(List.of(ledger), NOON.plusSeconds(60));
  }

  private void arrives(String execution, int attempt) {
    ledger.record(
        new Arrival(execution, attempt, "job-1", NOON, false, NOON, "POST", "/ok", Map.of(), "{}"));
  }

  private static void recorded(String execution, String state, int attempt) throws SQLException {
    update(
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state, attempt)
        VALUES (?, ?, 'default', 'job-1', 1, 'default', ?, ?)
        """,
        execution,
        NOON.toEpochMilli(),
        state,
        attempt);
  }

  private static void update(String statement, Object... values) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, statement, values);
    }
  }
}
