package io.carillon.quartz.store;

import java.sql.SQLException;

/** Tells a database that is away from rows that it will not take. */
public final class Failures {
  private static final int INCORRECT_VALUE = 1366;

  private static final int DUPLICATE_KEY = 1062;

  private Failures() {}

  /** Whether a failure of {@link StoreEngine#inTransaction} leaves open if the work is stored. */
  public static boolean isOutcomeUnknown(SQLException e) {
    return e instanceof Transactions.UnknownOutcome;
  }

  /** Whether {@link StoreEngine#inTransaction} failed because others were waiting before it. */
  public static boolean isBusy(SQLException e) {
    return e instanceof Transactions.NoTurn;
  }

  /** Whether a row was there already under the key of a new one. */
  public static boolean isTaken(SQLException e) {
    return e.getErrorCode() == DUPLICATE_KEY;
  }

  /**
   * Whether the values were refused (SQLSTATE classes 21, 22, 23 and 44: cardinality, data,
   * integrity, check; and 1366, which MySQL gives no class), so that trying the same again is in
   * vain. Not class 42: a missing table or privilege is put right by people, and then the same
   * statement works.
   */
  public static boolean isAboutTheRows(SQLException e) {
    if (e.getErrorCode() == INCORRECT_VALUE) {
      return true;
    }
    String state = e.getSQLState();
    if (state == null || state.length() < 2 || Transactions.isLostRace(e)) {
      return false;
    }
    return switch (state.substring(0, 2)) {
      case "21", "22", "23", "44" -> true;
      default -> false;
    };
  }
}
