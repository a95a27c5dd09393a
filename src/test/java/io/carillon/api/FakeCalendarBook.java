package io.carillon.api;

import io.carillon.calendar.CalendarBook;
import io.carillon.calendar.CalendarDefinition;
import io.carillon.calendar.CalendarRules;
import io.carillon.job.Exclusions;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** Calendars in memory. */
final class FakeCalendarBook implements CalendarBook {
  private final ConcurrentSkipListMap<String, Stored> stored = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  FakeCalendarBook(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Put put(
      Name name, CalendarDefinition definition, boolean mustBeNew, OptionalLong expected) {
    Stored old = stored.get(name.name());
    long version = old == null ? 0 : old.version();
    if (expected.isPresent() && expected.getAsLong() != version || mustBeNew && old != null) {
      throw new StaleVersion(version);
    }
    Stored fresh =
        new Stored(
            name,
            definition,
            version + 1,
            old == null ? clock.instant() : old.createdAt(),
            clock.instant());
    stored.put(name.name(), fresh);
    return new Put(fresh, old == null);
  }

  @Override
  public Optional<Stored> find(Name name) {
    return Optional.ofNullable(stored.get(name.name()));
  }

  @Override
  public Page list(String namespace, String after, int limit) {
    List<Line> lines =
        stored.tailMap(after, false).values().stream()
            .map(
                one ->
                    new Line(
                        one.name().name(),
                        one.definition().description(),
                        one.version(),
                        one.createdAt(),
                        one.updatedAt()))
            .toList();
    return new Page(lines.stream().limit(limit).toList(), lines.size() > limit);
  }

  @Override
  public boolean delete(Name name, OptionalLong expected) {
    return stored.remove(name.name()) != null;
  }

  @Override
  public Map<Name, Exclusions> read(Connection connection, Collection<Name> names) {
    Map<Name, Exclusions> found = new HashMap<>();
    names.forEach(
        name -> find(name).ifPresent(one -> found.put(name, CalendarRules.of(one.definition()))));
    return found;
  }

  @Override
  public Set<Name> unknown(Collection<Name> names) {
    Set<Name> unknown = new HashSet<>(names);
    unknown.removeIf(name -> stored.containsKey(name.name()));
    return unknown;
  }

  @Override
  public Map<String, Exclusions> find(String namespace, Collection<String> names) {
    Map<String, Exclusions> found = new HashMap<>();
    for (String name : names) {
      find(new Name(namespace, name))
          .ifPresent(one -> found.put(name, CalendarRules.of(one.definition())));
    }
    return found;
  }

  @Override
  public List<String> names(String namespace) {
    return List.copyOf(stored.keySet());
  }
}
