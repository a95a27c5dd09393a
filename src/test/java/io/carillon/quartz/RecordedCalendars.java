package io.carillon.quartz;

import io.carillon.job.Calendars;
import io.carillon.job.Exclusions;
import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Calendars in memory, of the default namespace. Thread-safe. */
final class RecordedCalendars implements Calendars {
  private final Map<String, Exclusions> byName = new ConcurrentHashMap<>();

  void put(String name, Exclusions exclusions) {
    byName.put(name, exclusions);
  }

  @Override
  public Map<Name, Exclusions> read(Connection connection, Collection<Name> names) {
    Map<Name, Exclusions> found = new HashMap<>();
    for (Name name : names) {
      Exclusions exclusions = byName.get(name.name());
      if (exclusions != null) {
        found.put(name, exclusions);
      }
    }
    return found;
  }

  @Override
  public Set<Name> unknown(Collection<Name> names) {
    return Set.of();
  }
}
