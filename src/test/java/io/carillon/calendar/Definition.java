package io.carillon.calendar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Calendars from JSON members, as clients write them, on 2026-11-21. */
final class Definition {
  static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  private Definition() {}

  /** The calendar with these members; has no fault. */
  static CalendarDefinition of(String members) {
    return with(members, new ArrayList<>());
  }

  static CalendarDefinition with(String members, List<String> warnings) {
    Faults faults = new Faults();
    CalendarDefinition definition = reader().read(tree(members), faults, warnings);
    if (definition == null) {
      throw new AssertionError(faults.list());
    }
    return definition;
  }

  static CalendarRules rules(String members) {
    return CalendarRules.of(of(members));
  }

  static List<Fault> faults(String members) {
    Faults faults = new Faults();
    if (reader().read(tree(members), faults, new ArrayList<>()) != null) {
      throw new AssertionError("no fault: " + members);
    }
    return faults.list();
  }

  private static CalendarReader reader() {
    return new CalendarReader(InstantSource.fixed(NOW));
  }

  private static ObjectNode tree(String members) {
    return StrictJson.read(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
  }
}
