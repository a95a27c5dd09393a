package io.carillon.quartz.store;

import java.util.regex.Pattern;

/**
 * The names that Quartz puts into its statements as text: checked here, once. Statements of ours
 * are written with the prefix {@code QRTZ_}, which {@link #sql} replaces by the configured one.
 * Thread-safe.
 *
 * @param prefix of the tables, {@code [A-Za-z0-9_]{1,20}}
 * @param scheduler value of SCHED_NAME in every row, {@code [A-Za-z0-9_]{1,20}}
 */
record Tables(String prefix, String scheduler) {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_]{1,20}");
  private static final Pattern PREFIX = Pattern.compile("(?<!IDX_)QRTZ_");

  Tables {
    if (!SAFE.matcher(prefix).matches() || !SAFE.matcher(scheduler).matches()) {
      throw new IllegalArgumentException(
          "table prefix and scheduler name take letters, digits and _: "
              + prefix
              + ", "
              + scheduler);
    }
  }

  /** The statement with this installation's table names. */
  String sql(String statement) {
    if (prefix.equals("QRTZ_")) {
      return statement;
    }
    return PREFIX.matcher(statement).replaceAll(prefix);
  }
}
