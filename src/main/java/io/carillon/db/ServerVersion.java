package io.carillon.db;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which database server it is.
 *
 * @param mariaDb true for MariaDB, false for MySQL
 * @param text as {@code VERSION()} says it
 */
record ServerVersion(boolean mariaDb, int major, int minor, int patch, String text) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  static ServerVersion parse(String text) {
    // MariaDB before 11 puts "5.5.5-" in front for old replicas.
    String plain = text.startsWith("5.5.5-") ? text.substring("5.5.5-".length()) : text;
    Matcher matcher = NUMBERS.matcher(plain);
    if (!matcher.lookingAt()) {
      throw new DatabaseUnusableException("The database's version cannot be read: " + text);
    }
    return new ServerVersion(
        plain.contains("MariaDB"),
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)),
        plain);
  }

  String product() {
    return mariaDb ? "MariaDB" : "MySQL";
  }

  /** SKIP LOCKED, CTEs and what else the statements here need. */
  void requireSupported() {
    boolean supported = mariaDb ? atLeast(10, 6, 0) : atLeast(8, 0, 21);
    if (!supported) {
      throw new DatabaseUnusableException(
          "%s %s is too old: Carillon needs MySQL 8.0.21 or MariaDB 10.6 at the least"
              .formatted(product(), text));
    }
  }

  /**
   * One statement for every new connection. No transaction of ours waits 5 s for a row, and none is
   * idle for a second unless its node is frozen; where a server can end such a one, it shall, so
   * that the others wait for the lock row no longer than that.
   */
  String sessionSettings() {
    return "SET SESSION %s='READ-COMMITTED', innodb_lock_wait_timeout=5, eq_range_index_dive_limit=1, %s"
        .formatted(isolationVariable(), mariaDb ? "idle_transaction_timeout=1" : "wait_timeout=90");
  }

  /** MariaDB renamed it in 11.1. */
  String isolationVariable() {
    return !mariaDb || atLeast(11, 1, 1) ? "transaction_isolation" : "tx_isolation";
  }

  private boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    if (major != wantedMajor) {
      return major > wantedMajor;
    }
    return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
  }
}
