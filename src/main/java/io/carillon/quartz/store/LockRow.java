package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The row that all transactions of the store take first, and what keeps a node that freezes from
 * holding it: the server ends a transaction of its own that is idle for a second, and a request for
 * the row is given up after a second at first, because one that waits behind another node's would
 * be granted, and hold the row for a second more, once its node's other transaction was ended.
 * Thread-safe.
 */
final class LockRow {
  private static final String SELECT =
      """
      SELECT LOCK_NAME
      FROM QRTZ_LOCKS
      WHERE SCHED_NAME = ? AND LOCK_NAME = 'TRIGGER_ACCESS'
      """;

  private static final String TAKE = SELECT + "FOR UPDATE";
  private static final String SHARE = SELECT + "LOCK IN SHARE MODE";

  /** MariaDB's; MySQL gets it with the setting that ends a session that is idle. */
  private static final String FOR_A_SECOND = " WAIT 1";

  private static final String MAKE =
      """
      INSERT IGNORE INTO QRTZ_LOCKS (SCHED_NAME, LOCK_NAME)
      VALUES (?, 'TRIGGER_ACCESS'), (?, 'STATE_ACCESS')
      """;

  private static final String END_WHEN_IDLE =
      "SET SESSION wait_timeout = 1, innodb_lock_wait_timeout = %d";

  private static final String KEEP_WHEN_IDLE =
      "SET SESSION wait_timeout = 90, innodb_lock_wait_timeout = 5";

  private final Tables tables;
  private final boolean guarded;

  /**
   * @param guarded whether each transaction brings its own time-outs, because the server has none
   *     for idle transactions (MySQL)
   */
  LockRow(Tables tables, boolean guarded) {
    this.tables = tables;
    this.guarded = guarded;
  }

  /** Makes the rows that everything locks, if they are missing. */
  void make(Connection connection) throws SQLException {
    Sql.update(connection, tables.sql(MAKE), tables.scheduler(), tables.scheduler());
  }

  /**
   * Before the transaction that takes the row.
   *
   * @param patient whether it waits for more than a second
   */
  void guard(Connection connection, boolean patient) throws SQLException {
    if (guarded) {
      Sql.update(connection, END_WHEN_IDLE.formatted(patient ? 5 : 1));
    }
  }

  /** After it, before the connection goes back to the pool. */
  void unguard(Connection connection) throws SQLException {
    if (guarded) {
      Sql.update(connection, KEEP_WHEN_IDLE);
    }
  }

  /**
   * Takes the row, or waits for it; error 1205 when the wait is over.
   *
   * @param shared whether with others that share it
   * @param patient as in {@link #guard}
   */
  void take(Connection connection, boolean shared, boolean patient) throws SQLException {
    String statement = (shared ? SHARE : TAKE) + (patient || guarded ? "" : FOR_A_SECOND);
    if (!isTaken(connection, statement)) {
      // Somebody has deleted the row; whoever inserts it holds it.
      make(connection);
      isTaken(connection, statement);
    }
  }

  private boolean isTaken(Connection connection, String statement) throws SQLException {
    return Sql.queryOne(
            connection, tables.sql(statement), row -> row.getString(1), tables.scheduler())
        .isPresent();
  }
}
