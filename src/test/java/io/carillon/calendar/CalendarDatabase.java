package io.carillon.calendar;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.job.Calendars.Name;
import io.carillon.job.Exclusions;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** A migrated schema and the calendars in it. */
public final class CalendarDatabase implements AutoCloseable {
  private final TestDatabase database = TestDatabase.create();
  public final StoredCalendars calendars =
      new StoredCalendars(database::dataSource, InstantSource.fixed(Definition.NOW));

  DataSource dataSource() {
    return database.dataSource();
  }

  static Name name(String name) {
    return new Name(JobId.DEFAULT_NAMESPACE, name);
  }

  CalendarBook.Put put(String name, String members) {
    return calendars.put(name(name), Definition.of(members), false, OptionalLong.empty());
  }

  Map<Name, Exclusions> read(String... names) {
    try (Connection connection = dataSource().getConnection()) {
      return calendars.read(
          connection, List.of(names).stream().map(CalendarDatabase::name).toList());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A job row that names a calendar. */
  public void job(String id, String state, String calendar) {
    update(
        """
        INSERT INTO job (namespace, id, queue, priority, origin, state, generation, version, spec,
          created_at, updated_at)
        VALUES ('default', ?, 'default', 5, 'CANONICAL', ?, 1, 1, '{}', 0, 0)
        """,
        id,
        state);
    update(
        "INSERT INTO job_calendar (namespace, job_id, name) VALUES ('default', ?, ?)",
        id,
        calendar);
  }

  int update(String sql, Object... values) {
    try (Connection connection = dataSource().getConnection()) {
      return Sql.update(connection, sql, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  String one(String sql, Object... values) {
    try (Connection connection = dataSource().getConnection()) {
      return Sql.queryOne(connection, sql, row -> row.getString(1), values).orElse("");
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
