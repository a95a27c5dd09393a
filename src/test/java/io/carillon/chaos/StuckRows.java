package io.carillon.chaos;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Damages rows as a careless hand with a SQL client would. */
final class StuckRows {
  private final TestDatabase database;

  StuckRows(TestDatabase database) {
    this.database = database;
  }

  void loseSubRow(String job) throws SQLException {
    update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", job);
  }

  void loseJobDetail(String job) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, "SET SESSION foreign_key_checks = 0");
      Sql.update(connection, "DELETE FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", job);
      Sql.update(connection, "SET SESSION foreign_key_checks = 1");
    }
  }

  void nameForeignClass(String job) throws SQLException {
    update(
        "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'org.example.Nothing' WHERE JOB_NAME = ?",
        job);
  }

  /** A FIRED row that no node of ours wrote, with an id that none of ours would have. */
  void fireByUnknownNode(String job) throws SQLException {
    update(
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE, JOB_NAME, JOB_GROUP)
        VALUES ('carillon', 'nobody-1', ?, 'default', 'nobody', 1, 1, 5, 'EXECUTING', ?, 'default')
        """,
        job,
        job);
  }

  /** Names of the triggers that were set aside as damaged. */
  List<String> parked() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.query(
          connection,
          "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'ERROR'",
          row -> row.getString(1));
    }
  }

  int firedByUnknownNode() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.query(
              connection,
              "SELECT 1 FROM QRTZ_FIRED_TRIGGERS WHERE INSTANCE_NAME = 'nobody'",
              row -> 1)
          .size();
    }
  }

  private void update(String statement, Object... values) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, statement, values);
    }
  }
}
