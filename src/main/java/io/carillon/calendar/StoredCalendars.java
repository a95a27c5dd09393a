package io.carillon.calendar;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.job.Exclusions;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calendars in table {@code calendar}. A definition is parsed once for each of its versions and
 * kept in a cache with a bound, so that a firing costs one short statement. Thread-safe.
 */
public final class StoredCalendars implements CalendarBook {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCalendars.class);
  private static final int MOST_NAMES = 1_000;

  private final Supplier<DataSource> database;
  private final CalendarRows rows;
  private final CalendarCache cache = new CalendarCache();

  /**
   * @param database asked at each call; may throw {@link StoreUnavailable}
   */
  public StoredCalendars(Supplier<DataSource> database, InstantSource clock) {
    this.database = database;
    this.rows = new CalendarRows(clock);
  }

  @Override
  public Map<Name, Exclusions> read(Connection connection, Collection<Name> names)
      throws SQLException {
    Map<Name, Exclusions> found = new HashMap<>();
    if (names.isEmpty()) {
      return found;
    }
    Map<Name, Long> versions = new LinkedHashMap<>();
    CalendarKeys keys = CalendarKeys.of(names);
    Sql.query(
        connection,
        "SELECT namespace, name, version FROM calendar WHERE " + keys.condition(),
        row -> versions.put(name(row), row.getLong("version")),
        keys.values());
    List<Name> missing = new ArrayList<>();
    versions.forEach(
        (name, version) -> {
          Exclusions known = cache.get(name, version);
          if (known == null) {
            missing.add(name);
          } else {
            found.put(name, known);
          }
        });
    if (!missing.isEmpty()) {
      CalendarKeys more = CalendarKeys.of(missing);
      Sql.query(
          connection,
          "SELECT namespace, name, version, definition FROM calendar WHERE " + more.condition(),
          row -> found.put(name(row), parsed(row)),
          more.values());
    }
    return found;
  }

  private Exclusions parsed(ResultSet row) throws SQLException {
    String definition = row.getString("definition");
    Exclusions rules = rules(name(row), definition);
    cache.put(name(row), row.getLong("version"), rules, definition.length());
    return rules;
  }

  /** One calendar that is damaged must not keep the jobs of a whole batch from running. */
  private static Exclusions rules(Name name, String definition) {
    try {
      return CalendarRules.of(CalendarWriter.parse(definition));
    } catch (IllegalArgumentException e) {
      LOG.error("calendar {} cannot be read; it excludes nothing: {}", name, e.toString());
      return Exclusions.NONE;
    }
  }

  private static Name name(ResultSet row) throws SQLException {
    return new Name(row.getString("namespace"), row.getString("name"));
  }

  @Override
  public Set<Name> unknown(Collection<Name> names) {
    Set<Name> unknown = new HashSet<>(names);
    if (!unknown.isEmpty()) {
      CalendarKeys keys = CalendarKeys.of(unknown);
      List<Name> there =
          inDatabase(
              "calendars",
              connection ->
                  Sql.query(
                      connection,
                      "SELECT namespace, name FROM calendar WHERE " + keys.condition(),
                      StoredCalendars::name,
                      keys.values()));
      there.forEach(unknown::remove);
    }
    return unknown;
  }

  @Override
  public Map<String, Exclusions> find(String namespace, Collection<String> names) {
    if (names.isEmpty()) {
      return Map.of();
    }
    List<Name> wanted = names.stream().map(name -> new Name(namespace, name)).toList();
    Map<String, Exclusions> found = new HashMap<>();
    inDatabase("calendars", connection -> read(connection, wanted))
        .forEach((name, rules) -> found.put(name.name(), rules));
    return found;
  }

  @Override
  public List<String> names(String namespace) {
    return inDatabase(
        "calendars",
        connection ->
            Sql.query(
                connection,
                "SELECT name FROM calendar WHERE namespace = ? ORDER BY name LIMIT ?",
                row -> row.getString("name"),
                namespace,
                MOST_NAMES));
  }

  @Override
  public Put put(
      Name name, CalendarDefinition definition, boolean mustBeNew, OptionalLong expected) {
    return inDatabase(
        "calendar " + name.name(),
        connection -> rows.put(connection, name, definition, mustBeNew, expected));
  }

  @Override
  public Optional<Stored> find(Name name) {
    return inDatabase(
        "calendar " + name.name(),
        connection ->
            Sql.queryOne(
                connection,
                "SELECT * FROM calendar WHERE namespace = ? AND name = ?",
                CalendarRows::stored,
                name.namespace(),
                name.name()));
  }

  @Override
  public Page list(String namespace, String after, int limit) {
    List<Line> lines =
        inDatabase(
            "calendars",
            connection ->
                Sql.query(
                    connection,
                    """
                    SELECT name, version, created_at, updated_at,
                      JSON_VALUE(definition, '$.description') AS description
                    FROM calendar
                    WHERE namespace = ? AND name > ?
                    ORDER BY name
                    LIMIT ?
                    """,
                    StoredCalendars::line,
                    namespace,
                    after,
                    limit + 1));
    boolean more = lines.size() > limit;
    return new Page(more ? lines.subList(0, limit) : lines, more);
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getString("name"),
        row.getString("description"),
        row.getLong("version"),
        instant(row, "created_at"),
        instant(row, "updated_at"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(Sql.instant(row, column));
  }

  @Override
  public boolean delete(Name name, OptionalLong expected) {
    return inDatabase(
        "calendar " + name.name(), connection -> rows.delete(connection, name, expected));
  }

  private <T> T inDatabase(String what, Reconnecting.Work<T> work) {
    try {
      return Reconnecting.run(database.get(), work);
    } catch (SQLException e) {
      throw new StoreUnavailable("the database does not answer: " + what, e);
    }
  }
}
