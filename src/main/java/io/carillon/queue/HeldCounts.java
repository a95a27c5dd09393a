package io.carillon.queue;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** How many runs limits hold, for whoever watches a cluster. Thread-safe. */
public final class HeldCounts {
  private static final int MOST = 100_000;

  private final DataSource database;

  public HeldCounts(DataSource database) {
    this.database = database;
  }

  /**
   * By reason; of the first 100,000. One statement without locks, some tens of milliseconds.
   *
   * @throws StoreUnavailable if the database does not answer
   */
  public Map<String, Integer> byReason() {
    try {
      return Reconnecting.run(
          database,
          connection -> {
            Map<String, Integer> counts = new HashMap<>();
            Sql.query(
                connection,
                """
                SELECT reason, COUNT(*)
                FROM (SELECT reason FROM held LIMIT ?) AS waiting
                GROUP BY reason
                """,
                row -> counts.put(row.getString(1), row.getInt(2)),
                MOST);
            return counts;
          });
    } catch (SQLException e) {
      throw StoreUnavailable.of(e);
    }
  }
}
