package io.carillon.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;

/**
 * A duty, due at start and then every hour: makes the partitions of today and the next seven days.
 * Safe to run on all nodes at once; only one works. Never stalls firing for more than a second: a
 * table in use is left for the next time.
 */
public final class Partitions {
  private static final int DAYS_AHEAD = 7;

  private final DataSource database;
  private final InstantSource clock;

  public Partitions(DataSource database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What a run did.
   *
   * @param ran false if it was another node's turn
   * @param made partitions, of both tables
   * @param postponed tables that were in use
   */
  public record Made(boolean ran, int made, int postponed) {
    private static final Made NOT_OURS = new Made(false, 0, 0);
  }

  /**
   * Blocks for a few short statements.
   *
   * @throws io.carillon.job.JobExceptions.StoreUnavailable if the database is away
   */
  public Made runOnce() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return Turn.take(database, "making partitions", connection -> make(connection, today))
        .orElse(Made.NOT_OURS);
  }

  private static Made make(Connection connection, LocalDate today) throws SQLException {
    int made = 0;
    int postponed = 0;
    for (DayPartitions table : DayPartitions.ALL) {
      List<LocalDate> days = table.missing(connection, today, today.plusDays(DAYS_AHEAD));
      if (days.isEmpty()) {
        continue;
      }
      if (table.make(connection, days)) {
        made += days.size();
      } else {
        postponed++;
      }
    }
    return new Made(true, made, postponed);
  }
}
