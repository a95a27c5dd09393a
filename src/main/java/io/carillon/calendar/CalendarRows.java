package io.carillon.calendar;

import io.carillon.calendar.CalendarBook.InUse;
import io.carillon.calendar.CalendarBook.Put;
import io.carillon.calendar.CalendarBook.StaleVersion;
import io.carillon.calendar.CalendarBook.Stored;
import io.carillon.db.Sql;
import io.carillon.job.Calendars.Name;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes calendar rows, each change in a transaction of its own, on a connection that the caller
 * lends; run again where a race was lost. Stateless but for its clock.
 */
final class CalendarRows {
  private static final int TRIES = 4;
  private static final int JOBS_SHOWN = 5;

  /** By primary key. */
  private static final String LOCK =
      "SELECT * FROM calendar WHERE namespace = ? AND name = ? FOR UPDATE";

  /** By job_calendar_by_name, then the jobs' primary key. */
  private static final String IN_USE =
      """
      FROM job_calendar AS named
        JOIN job ON job.namespace = named.namespace AND job.id = named.job_id
      WHERE named.namespace = ? AND named.name = ? AND job.state IN ('ACTIVE', 'PAUSED')
      """;

  private final InstantSource clock;

  CalendarRows(InstantSource clock) {
    this.clock = clock;
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  Put put(
      Connection connection,
      Name name,
      CalendarDefinition definition,
      boolean mustBeNew,
      OptionalLong expected)
      throws SQLException {
    String text = CalendarWriter.store(definition);
    return inTransaction(
        connection,
        () -> {
          Instant now = Instant.ofEpochMilli(clock.millis());
          Optional<Stored> old = lock(connection, name);
          check(old, mustBeNew, expected);
          if (old.isEmpty()) {
            insert(connection, name, text, now);
            return new Put(new Stored(name, definition, 1, now, now), true);
          }
          Stored before = old.get();
          if (before.definition().equals(definition)) {
            return new Put(before, false);
          }
          Sql.update(
              connection,
              """
              UPDATE calendar
              SET version = version + 1, definition = ?, updated_at = ?, replanned_job = ''
              WHERE namespace = ? AND name = ?
              """,
              text,
              now,
              name.namespace(),
              name.name());
          return new Put(
              new Stored(name, definition, before.version() + 1, before.createdAt(), now), false);
        });
  }

  private static void check(Optional<Stored> old, boolean mustBeNew, OptionalLong expected) {
    long version = old.map(Stored::version).orElse(0L);
    boolean stale = expected.isPresent() && expected.getAsLong() != version;
    if (stale || (mustBeNew && old.isPresent())) {
      throw new StaleVersion(version);
    }
  }

  private static void insert(Connection connection, Name name, String text, Instant now)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO calendar (namespace, name, version, definition, created_at, updated_at,
          replanned_version)
        VALUES (?, ?, 1, ?, ?, ?, 0)
        """,
        name.namespace(),
        name.name(),
        text,
        now,
        now);
  }

  private static Optional<Stored> lock(Connection connection, Name name) throws SQLException {
    return Sql.queryOne(connection, LOCK, CalendarRows::stored, name.namespace(), name.name());
  }

  static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        new Name(row.getString("namespace"), row.getString("name")),
        CalendarWriter.parse(row.getString("definition")),
        row.getLong("version"),
        StoredCalendars.instant(row, "created_at"),
        StoredCalendars.instant(row, "updated_at"));
  }

  boolean delete(Connection connection, Name name, OptionalLong expected) throws SQLException {
    return inTransaction(
        connection,
        () -> {
          Optional<Stored> old = lock(connection, name);
          check(old, false, expected);
          if (old.isEmpty()) {
            return false;
          }
          refuseInUse(connection, name);
          Sql.update(
              connection,
              "DELETE FROM calendar WHERE namespace = ? AND name = ?",
              name.namespace(),
              name.name());
          return true;
        });
  }

  private static void refuseInUse(Connection connection, Name name) throws SQLException {
    long count =
        Sql.queryOne(
                connection,
                "SELECT COUNT(*) " + IN_USE,
                row -> row.getLong(1),
                name.namespace(),
                name.name())
            .orElse(0L);
    if (count == 0) {
      return;
    }
    List<String> jobs =
        Sql.query(
            connection,
            "SELECT named.job_id " + IN_USE + "ORDER BY named.job_id LIMIT ?",
            row -> row.getString(1),
            name.namespace(),
            name.name(),
            JOBS_SHOWN);
    throw new InUse(jobs, count);
  }

  /** Two inserts of one name and two locks that cross are races: the loser begins again. */
  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    for (int tried = 1; ; tried++) {
      connection.setAutoCommit(false);
      try {
        T result = work.run();
        connection.commit();
        return result;
      } catch (SQLIntegrityConstraintViolationException | SQLTransactionRollbackException race) {
        connection.rollback();
        if (tried == TRIES) {
          throw race;
        }
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }
}
