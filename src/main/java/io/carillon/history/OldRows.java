package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Rows of one kind that go when their time is over, a page at a time: each page is one or a few
 * short statements, and committed before the next. For one thread.
 */
interface OldRows {
  int PAGE = 500;

  /**
   * What became of a page.
   *
   * @param gone rows, of the kind that counts
   * @param more whether there may be another page now
   */
  record Page(int gone, boolean more) {
    static final Page NOTHING = new Page(0, false);
  }

  Page next(Connection connection, Instant now) throws SQLException;

  /** Has what was passed by looked at once more, unless a look at all is under way. */
  default void again() {}

  /** What one small statement takes away. */
  interface Before {
    Instant of(Instant now);
  }

  /**
   * @param statement binds the instant before which rows are old; ends with {@code LIMIT 500}
   */
  static OldRows by(String statement, Before before) {
    return (connection, now) -> {
      int gone = Sql.update(connection, statement, before.of(now));
      return new Page(gone, gone == PAGE);
    };
  }
}
