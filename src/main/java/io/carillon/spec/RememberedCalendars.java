package io.carillon.spec;

import io.carillon.job.Exclusions;
import io.carillon.job.KnownCalendars;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calendars as one request has seen them: each is asked for once. Not thread-safe. */
final class RememberedCalendars implements KnownCalendars {
  private final KnownCalendars all;
  private final Map<List<String>, Optional<Exclusions>> seen = new HashMap<>();
  private final Map<String, List<String>> names = new HashMap<>();

  RememberedCalendars(KnownCalendars all) {
    this.all = all;
  }

  @Override
  public Map<String, Exclusions> find(String namespace, Collection<String> wanted) {
    List<String> unseen = new ArrayList<>();
    for (String name : wanted) {
      if (!seen.containsKey(List.of(namespace, name))) {
        unseen.add(name);
      }
    }
    if (!unseen.isEmpty()) {
      Map<String, Exclusions> fresh = all.find(namespace, unseen);
      unseen.forEach(
          name -> seen.put(List.of(namespace, name), Optional.ofNullable(fresh.get(name))));
    }
    Map<String, Exclusions> found = new HashMap<>();
    for (String name : wanted) {
      seen.get(List.of(namespace, name)).ifPresent(rules -> found.put(name, rules));
    }
    return found;
  }

  @Override
  public List<String> names(String namespace) {
    return names.computeIfAbsent(namespace, all::names);
  }
}
