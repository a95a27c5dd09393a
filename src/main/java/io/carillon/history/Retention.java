package io.carillon.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;

/**
 * A duty, due every hour: drops the days of history that are older than they must be kept (but none
 * with an unfinished execution), then the jobs that finished before and have no execution left, the
 * answers kept for repeated requests once they have expired, and the calls to be broken off that
 * their node, dead or stopped since, will never look for. Safe to run on all nodes at once; only
 * one works. Never stalls firing for more than a second.
 */
public final class Retention {
  private static final int MOST_CHUNKS = 100;

  /** A node that calls looks several times a second. */
  private static final Duration UNHEARD = Duration.ofHours(1);

  private final DataSource database;
  private final InstantSource clock;
  private final Duration retention;

  /**
   * @param retention how long history is kept after the scheduled instant
   */
  public Retention(DataSource database, InstantSource clock, Duration retention) {
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException("retention " + retention);
    }
    this.database = database;
    this.clock = clock;
    this.retention = retention;
  }

  /**
   * What a run took away.
   *
   * @param ran false if it was another node's turn
   * @param partitions days dropped, of both tables
   * @param kept old days that stay for an unfinished execution
   * @param postponed days whose table was in use
   * @param rows executions and attempts from before the first day
   * @param answers kept for repeated requests
   * @param unheard calls to be broken off that no node looked for
   */
  public record TakenAway(
      boolean ran,
      int partitions,
      int kept,
      int postponed,
      int rows,
      int jobs,
      int answers,
      int unheard) {
    private static final TakenAway NOT_OURS = new TakenAway(false, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Blocks for short statements; at most some hundreds.
   *
   * @throws io.carillon.job.JobExceptions.StoreUnavailable if the database is away
   */
  public TakenAway runOnce() {
    Instant now = clock.instant();
    return Turn.take(database, "retention", connection -> takeAway(connection, now))
        .orElse(TakenAway.NOT_OURS);
  }

  private TakenAway takeAway(Connection connection, Instant now) throws SQLException {
    Instant before = now.minus(retention);
    OldHistory history = new OldHistory(connection, before);
    history.takeAway();
    int jobs = FinishedJobs.takeAway(connection, before);
    int answers =
        InChunks.delete(
            connection, "DELETE FROM idempotency WHERE expires_at < ? LIMIT 500", MOST_CHUNKS, now);
    int unheard = OvertakenRows.forget(connection, now.minus(UNHEARD), MOST_CHUNKS);
    return new TakenAway(
        true,
        history.dropped,
        history.kept,
        history.postponed,
        history.rows,
        jobs,
        answers,
        unheard);
  }
}
