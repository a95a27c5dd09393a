package io.carillon.calendar;

import io.carillon.db.Sql;
import io.carillon.job.Calendars.Name;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Replanner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A duty, due every few seconds: has the jobs planned anew that name a calendar which was changed,
 * 200 at a time. How far it has come stands in the calendar's row, so whoever has the next turn, on
 * any node, goes on from there. Firing does not hang on it, since it reads the calendars itself; a
 * job that it has not reached yet is only shown, and woken for, at the instant of old. Safe to run
 * on all nodes at once; only one works.
 */
public final class CalendarChanges {
  static final int CHUNK = 200;

  private static final Logger LOG = LoggerFactory.getLogger(CalendarChanges.class);
  private static final int MOST_CALENDARS = 50;

  /** Other duties wait on the same thread. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

  private static final String LOCK = "CONCAT('carillon.calendars.', MD5(DATABASE()))";

  /** All of a small table. */
  private static final String CHANGED =
      """
      SELECT namespace, name, version, replanned_job
      FROM calendar
      WHERE replanned_version < version
      ORDER BY updated_at
      LIMIT ?
      """;

  /** By job_calendar_by_name, then the jobs' primary key. */
  private static final String NEXT_JOBS =
      """
      SELECT named.job_id
      FROM job_calendar AS named FORCE INDEX (job_calendar_by_name)
        STRAIGHT_JOIN job ON job.namespace = named.namespace AND job.id = named.job_id
      WHERE named.namespace = ? AND named.name = ? AND named.job_id > ?
        AND job.state IN ('ACTIVE', 'PAUSED')
      ORDER BY named.job_id
      LIMIT ?
      """;

  private final DataSource database;
  private final Replanner replanner;

  public CalendarChanges(DataSource database, Replanner replanner) {
    this.database = database;
    this.replanner = replanner;
  }

  private record Changed(Name name, long version, String lastJob) {}

  /**
   * Works for about a second at the most.
   *
   * @return how many jobs were planned anew
   * @throws StoreUnavailable if the database is away
   */
  public int runOnce() {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      boolean ours =
          Sql.queryOne(
                  connection, "SELECT GET_LOCK(" + LOCK + ", 0) AS ours", row -> row.getInt(1) == 1)
              .orElse(false);
      if (!ours) {
        return 0;
      }
      try {
        return work(connection);
      } finally {
        Sql.update(connection, "DO RELEASE_LOCK(" + LOCK + ")");
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the database is away: changed calendars", e);
    }
  }

  private int work(Connection connection) throws SQLException {
    long end = System.nanoTime() + LONGEST_TURN.toNanos();
    List<Changed> changed =
        Sql.query(
            connection,
            CHANGED,
            row ->
                new Changed(
                    new Name(row.getString("namespace"), row.getString("name")),
                    row.getLong("version"),
                    row.getString("replanned_job")),
            MOST_CALENDARS);
    int jobs = 0;
    for (Changed calendar : changed) {
      if (System.nanoTime() - end >= 0) {
        break;
      }
      try {
        jobs += replan(connection, calendar, end);
      } catch (StoreUnavailable away) {
        throw away;
      } catch (RuntimeException e) {
        LOG.warn("jobs of calendar {} wait to be planned anew: {}", calendar.name(), e.toString());
      }
    }
    return jobs;
  }

  private int replan(Connection connection, Changed calendar, long end) throws SQLException {
    Name name = calendar.name();
    String last = calendar.lastJob();
    int jobs = 0;
    while (jobs == 0 || System.nanoTime() - end < 0) {
      List<String> chunk =
          Sql.query(
              connection,
              NEXT_JOBS,
              row -> row.getString(1),
              name.namespace(),
              name.name(),
              last,
              CHUNK);
      if (!chunk.isEmpty()) {
        replanner.replan(chunk.stream().map(id -> new JobId(name.namespace(), id)).toList());
        jobs += chunk.size();
        last = chunk.get(chunk.size() - 1);
      }
      if (chunk.size() < CHUNK) {
        done(connection, calendar);
        return jobs;
      }
      reached(connection, calendar, last);
    }
    return jobs;
  }

  /** Nothing, if the calendar has changed once more: then all jobs have another turn. */
  private static void reached(Connection connection, Changed calendar, String last)
      throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE calendar SET replanned_job = ?
        WHERE namespace = ? AND name = ? AND version = ?
        """,
        last,
        calendar.name().namespace(),
        calendar.name().name(),
        calendar.version());
  }

  private static void done(Connection connection, Changed calendar) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE calendar SET replanned_version = version, replanned_job = ''
        WHERE namespace = ? AND name = ? AND version = ?
        """,
        calendar.name().namespace(),
        calendar.name().name(),
        calendar.version());
  }
}
