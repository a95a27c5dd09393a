package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.job.Priority;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two nodes get of one backlog when both look at the same moment. */
class DueClassesTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long DUE = NOW - 60_000;
  private static final int BATCH = 20;

  @AutoClose private final TestDatabase database = TestDatabase.create();
  private final Tables tables = new Tables("QRTZ_", "test");
  private final DueClasses classes = new DueClasses(tables, new TriggerRows(tables));

  @BeforeEach
  void fill() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.insert(
          connection,
          """
          INSERT INTO QRTZ_JOB_DETAILS (SCHED_NAME, JOB_NAME, JOB_GROUP, JOB_CLASS_NAME, IS_DURABLE,
            IS_NONCONCURRENT, IS_UPDATE_DATA, REQUESTS_RECOVERY)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
          List.of(List.of("test", "job", "g", "none", "1", "0", "0", "0")));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int n = 0; n < 200; n++) {
        Priority priority = n % 2 == 0 ? Priority.LOW : Priority.HIGH;
        rows.add(
            List.of(
                "test",
                "t" + n,
                "g",
                "job",
                "g",
                DUE,
                0,
                priority.number(),
                "WAITING",
                "SIMPLE",
                DUE));
      }
      Sql.insert(
          connection,
          """
          INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,
            NEXT_FIRE_TIME, PREV_FIRE_TIME, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          rows);
    }
  }

  @Test
  void each_has_its_shares() throws SQLException {
    try (Connection one = open();
        Connection other = open();
        Connection third = open()) {
      for (Connection each : List.of(one, other, third)) {
        List<TriggerRow> locked = classes.lock(each, classes.spans(each, NOW), NOW, BATCH, 0);

        assertThat(locked).hasSize(BATCH);
        assertThat(locked).filteredOn(row -> row.priority() == Priority.LOW.number()).hasSize(2);
      }
    }
  }

  @Test
  void what_was_due_before_the_first_that_is_known_of_is_not_looked_for() throws SQLException {
    TriggerRows triggers = new TriggerRows(tables);
    try (Connection one = open()) {
      assertThat(triggers.lockDue(one, DUE + 1, NOW, BATCH)).isEmpty();
      assertThat(triggers.lockDue(one, DUE, NOW, BATCH)).hasSize(BATCH);
    }
    try (Connection other = open()) {
      assertThat(triggers.lockDue(other, 0, NOW, BATCH)).hasSize(BATCH);
    }
  }

  private Connection open() throws SQLException {
    Connection connection = database.dataSource().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }
}
