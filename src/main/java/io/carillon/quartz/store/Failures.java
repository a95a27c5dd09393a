package io.carillon.quartz.store;

import java.sql.SQLException;

/** Tells a database that is away from rows that it will not take. */
final class Failures {
  private Failures() {}

  /**
   * Whether the statement itself was refused (SQLSTATE classes 21, 22, 23, 42 and 44: cardinality,
   * data, integrity, syntax, check), so that trying the same again is in vain.
   */
  static boolean isAboutTheRows(SQLException e) {
    String state = e.getSQLState();
    if (state == null || state.length() < 2 || Transactions.isLostRace(e)) {
      return false;
    }
    return switch (state.substring(0, 2)) {
      case "21", "22", "23", "42", "44" -> true;
      default -> false;
    };
  }
}
