package io.carillon.chaos;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Damages rows as a careless hand with a SQL client would. */
final class StuckRows {
  private final ProxiedCluster.Access database;

  StuckRows(ProxiedCluster.Access database) {
    this.database = database;
  }

  void loseSubRow(String job) throws SQLException {
    update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", job);
  }

  void loseJobDetail(String job) throws SQLException {
    try (Connection connection = database.open()) {
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

  /** As a stock node leaves it that dies between acquiring and firing. */
  void acquireByUnknownNode(String job) throws SQLException {
    setState(job, "ACQUIRED");
    update(
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE, JOB_NAME, JOB_GROUP)
        VALUES ('carillon', 'nobody-2', ?, 'default', 'nobody', 1, 1, 5, 'ACQUIRED', NULL, NULL)
        """,
        job);
  }

  /** Such as ACQUIRED, BLOCKED, ERROR: as a stock node or a SQL client leaves it. */
  void setState(String job, String state) throws SQLException {
    update("UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = ? WHERE TRIGGER_NAME = ?", state, job);
  }

  /** COMPLETE, as if it had fired for the last time, and nothing runs. */
  void finish(String job) throws SQLException {
    update(
        """
        UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'COMPLETE', NEXT_FIRE_TIME = -1
        WHERE TRIGGER_NAME = ?
        """,
        job);
  }

  void loseTrigger(String job) throws SQLException {
    loseSubRow(job);
    update("DELETE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", job);
  }

  /** Of a call that is running, while it is running. */
  int loseFiredRow(String job) throws SQLException {
    return update("DELETE FROM QRTZ_FIRED_TRIGGERS WHERE JOB_NAME = ?", job);
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

  /** Triggers in states that never end by themselves. */
  List<String> stuck() throws SQLException {
    try (Connection connection = database.open()) {
      return Sql.query(
          connection,
          """
          SELECT CONCAT(TRIGGER_NAME, ' ', TRIGGER_STATE) FROM QRTZ_TRIGGERS
          WHERE TRIGGER_STATE NOT IN ('WAITING', 'PAUSED', 'COMPLETE')
          """,
          row -> row.getString(1));
    }
  }

  int firedByUnknownNode() throws SQLException {
    try (Connection connection = database.open()) {
      return Sql.query(
              connection,
              "SELECT 1 FROM QRTZ_FIRED_TRIGGERS WHERE INSTANCE_NAME = 'nobody'",
              row -> 1)
          .size();
    }
  }

  private int update(String statement, Object... values) throws SQLException {
    try (Connection connection = database.open()) {
      return Sql.update(connection, statement, values);
    }
  }
}
