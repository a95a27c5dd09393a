package io.carillon.chaos;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Rows that nobody can compute with, each poisonous in its own way. */
final class PoisonRows {
  private final ProxiedCluster.Access database;

  PoisonRows(ProxiedCluster.Access database) {
    this.database = database;
  }

  void badCron(String job) throws SQLException {
    update("UPDATE QRTZ_CRON_TRIGGERS SET CRON_EXPRESSION = '61 * ?' WHERE TRIGGER_NAME = ?", job);
  }

  void badZone(String job) throws SQLException {
    update("UPDATE QRTZ_CRON_TRIGGERS SET TIME_ZONE_ID = 'Nowhere/At' WHERE TRIGGER_NAME = ?", job);
  }

  void noSubRow(String job) throws SQLException {
    update("DELETE FROM QRTZ_CRON_TRIGGERS WHERE TRIGGER_NAME = ?", job);
  }

  /** A serialized object in place of a schedule: nothing may read it. */
  void serialized(String job) throws SQLException {
    update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", job);
    update("UPDATE QRTZ_TRIGGERS SET TRIGGER_TYPE = 'BLOB' WHERE TRIGGER_NAME = ?", job);
    update(
        """
        INSERT INTO QRTZ_BLOB_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, BLOB_DATA)
        SELECT SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, X'ACED0005737200116A6176612E7574696C2E48617368'
          FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?
        """,
        job);
  }

  void foreignClass(String job) throws SQLException {
    update(
        """
        UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'org.quartz.jobs.ee.jms.SendQueueMessageJob'
         WHERE JOB_NAME = ?
        """,
        job);
  }

  void noDefinition(String job) throws SQLException {
    update("DELETE FROM job WHERE id = ?", job);
  }

  void brokenDefinition(String job) throws SQLException {
    update("UPDATE job SET spec = '{\"target\":{\"type\":\"http\",' WHERE id = ?", job);
  }

  void definitionOfTheFuture(String job) throws SQLException {
    update("UPDATE job SET spec = '{\"target\":{\"type\":\"smoke-signal\"}}' WHERE id = ?", job);
  }

  /** Names of the triggers that were set aside as damaged. */
  List<String> parked() throws SQLException {
    try (Connection connection = database.open()) {
      return Sql.query(
          connection,
          "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'ERROR'",
          row -> row.getString(1));
    }
  }

  private void update(String statement, String job) throws SQLException {
    try (Connection connection = database.open()) {
      if (Sql.update(connection, statement, job) != 1) {
        throw new IllegalStateException("not one row: " + statement + " for " + job);
      }
    }
  }
}
