package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which type of schedule is meant, and which fields go with it. One use; not thread-safe. */
final class ScheduleShape {
  private static final List<String> TYPES =
      List.of("now", "delay", "at", "fixedRate", "fixedDelay", "cron", "dailyWindow");

  private static final Set<String> COMMON =
      Set.of("type", "startAt", "endAt", "maxRuns", "jitter", "calendars", "timeZone");
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "now", Set.of(),
          "delay", Set.of("delay"),
          "at", Set.of("at", "allowPast", "anchor", "offset"),
          "fixedRate", Set.of("every"),
          "fixedDelay", Set.of("every"),
          "cron", Set.of("cron", "dialect", "dst"),
          "dailyWindow", Set.of("from", "to", "every", "days", "dst"));
  private static final Set<String> ALL = all();

  private final Fields fields;

  ScheduleShape(Fields fields) {
    this.fields = fields;
    fields.know(ALL);
  }

  /** The type a schedule means by the fields it has; null if that is not clear. */
  static @Nullable String impliedType(ObjectNode schedule) {
    Set<String> kinds = new LinkedHashSet<>();
    kind(schedule, "delay", "delay", kinds);
    kind(schedule, "at", "at", kinds);
    kind(schedule, "anchor", "at", kinds);
    kind(schedule, "from", "dailyWindow", kinds);
    kind(schedule, "to", "dailyWindow", kinds);
    if (!kinds.contains("dailyWindow")) {
      kind(schedule, "every", "fixedRate", kinds);
    }
    kind(schedule, "cron", "cron", kinds);
    return kinds.size() == 1 ? kinds.iterator().next() : null;
  }

  private static void kind(ObjectNode schedule, String field, String kind, Set<String> kinds) {
    if (schedule.hasNonNull(field)) {
      kinds.add(kind);
    }
  }

  /** The type given or implied; null if it is faulty, which is noted. */
  @Nullable String type(ObjectNode schedule) {
    if (fields.any("type") == null) {
      String implied = impliedType(schedule);
      if (implied == null) {
        boolean none = ALL.stream().noneMatch(name -> !COMMON.contains(name) && fields.has(name));
        if (none) {
          fields.required("type");
        } else {
          ambiguous("fields of more than one type; name the 'type'");
        }
      }
      return implied;
    }
    String type = fields.text("type");
    if (type == null) {
      return null;
    }
    if (!TYPES.contains(type)) {
      fields.fault(
          "type",
          "schedule_type_unknown",
          "'"
              + Fields.shown(type)
              + "' is not one of "
              + String.join(" ", TYPES)
              + Nearest.hint(type, TYPES));
      return null;
    }
    return type;
  }

  /** Fields of another type would be silently ignored; so they are refused. */
  void check(String type) {
    Set<String> own = OWN.getOrDefault(type, Set.of());
    Set<String> strange = new LinkedHashSet<>();
    for (String name : List.of("delay", "at", "anchor", "every", "cron", "from", "to", "days")) {
      if (fields.has(name) && !own.contains(name)) {
        strange.add(name);
      }
    }
    if (!strange.isEmpty()) {
      ambiguous("type '" + type + "' does not take '" + String.join("', '", strange) + "'");
    }
    for (String name : List.of("allowPast", "offset", "dialect", "dst")) {
      if (fields.has(name) && !own.contains(name) && strange.isEmpty()) {
        fields.fault(
            name, "field_not_for_type", "type '" + type + "' does not take '" + name + "'");
      }
    }
    boolean local = fields.has("startAt") || fields.has("endAt");
    if (fields.has("timeZone")
        && !type.equals("cron")
        && !type.equals("at")
        && !type.equals("dailyWindow")
        && !local
        && strange.isEmpty()) {
      fields.fault(
          "timeZone", "field_not_for_type", "type '" + type + "' does not take 'timeZone'");
    }
  }

  void ambiguous(String detail) {
    String self = fields.pointer("");
    fields.faults().add(self.substring(0, self.length() - 1), "schedule_ambiguous", detail);
  }

  private static Set<String> all() {
    Set<String> all = new LinkedHashSet<>(COMMON);
    OWN.values().forEach(all::addAll);
    return Set.copyOf(all);
  }
}
