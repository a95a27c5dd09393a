package io.carillon.calendar;

import io.carillon.db.Sql;
import io.carillon.job.Calendars.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A condition that names calendars by primary key, in the form both servers answer by key ranges.
 *
 * @param condition in brackets, to be put behind {@code WHERE}
 * @param values what it binds, in order
 */
record CalendarKeys(String condition, List<Object> values) {

  /**
   * @param names not empty
   */
  static CalendarKeys of(Collection<Name> names) {
    Map<String, Set<String>> byNamespace = new LinkedHashMap<>();
    for (Name name : names) {
      byNamespace.computeIfAbsent(name.namespace(), n -> new LinkedHashSet<>()).add(name.name());
    }
    List<String> parts = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    byNamespace.forEach(
        (namespace, inNamespace) -> {
          parts.add("(namespace = ? AND name IN (" + Sql.paddedPlaces(inNamespace.size()) + "))");
          values.add(namespace);
          Sql.pad(values, List.copyOf(inNamespace));
        });
    return new CalendarKeys("(" + String.join(" OR ", parts) + ")", values);
  }
}
