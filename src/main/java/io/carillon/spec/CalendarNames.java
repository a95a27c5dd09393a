package io.carillon.spec;

import io.carillon.job.Exclusions;
import io.carillon.job.JobId;
import io.carillon.job.KnownCalendars;
import io.carillon.job.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code calendars} of a schedule. One use; not thread-safe. */
final class CalendarNames {
  private static final int MOST = 20;

  private final String namespace;
  private final KnownCalendars calendars;

  CalendarNames(String namespace, KnownCalendars calendars) {
    this.namespace = namespace;
    this.calendars = new RememberedCalendars(calendars);
  }

  /**
   * The names, each once; those that no calendar has are noted. What the schedule named before is
   * not looked up.
   */
  List<String> read(Fields fields, @Nullable Schedule current) {
    List<String> given = fields.texts("calendars", MOST);
    if (given == null || given.isEmpty()) {
      return List.of();
    }
    List<String> names = given.stream().distinct().toList();
    List<String> before = current == null ? List.of() : current.limits().calendars();
    List<String> fresh = names.stream().filter(name -> !before.contains(name)).toList();
    Set<String> there = find(fresh).keySet();
    for (String name : fresh) {
      if (!there.contains(name)) {
        String place = fields.pointer("calendars") + "/" + given.indexOf(name);
        String hint = Nearest.hint(name, calendars.names(namespace));
        String detail = "no calendar is called '" + Fields.shown(name) + "'" + hint;
        fields.faults().add(place, "calendar_unknown", detail);
      }
    }
    return names;
  }

  /** Of the calendars that there are. */
  Exclusions exclusions(Schedule schedule) {
    return Exclusions.of(find(schedule.limits().calendars()).values());
  }

  private Map<String, Exclusions> find(List<String> names) {
    return calendars.find(namespace, names.stream().filter(JobId::isValid).toList());
  }
}
