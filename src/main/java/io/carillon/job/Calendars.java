package io.carillon.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Reads exclusion calendars. Each is named within its namespace. Thread-safe; reads a calendar anew
 * only when its version has changed.
 */
public interface Calendars {
  /** Of a server without calendars. */
  Calendars NONE =
      new Calendars() {
        @Override
        public Map<Name, Exclusions> read(Connection connection, Collection<Name> names) {
          return Map.of();
        }

        @Override
        public Set<Name> unknown(Collection<Name> names) {
          return Set.copyOf(names);
        }
      };

  /** A calendar's name in its namespace. */
  record Name(String namespace, String name) {}

  /**
   * The calendars as the caller's transaction sees them; at most two statements, none for no names.
   * Absent ones are absent.
   */
  Map<Name, Exclusions> read(Connection connection, Collection<Name> names) throws SQLException;

  /**
   * Of the names given, those that no calendar has.
   *
   * @throws JobExceptions.StoreUnavailable while the database is away
   */
  Set<Name> unknown(Collection<Name> names);
}
