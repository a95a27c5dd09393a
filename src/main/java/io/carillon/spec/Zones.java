package io.carillon.spec;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/** Reads time zones strictly. Stateless. */
final class Zones {
  static final ZoneId UTC = ZoneId.of("UTC");
  private static final int LONGEST = 64;

  private Zones() {}

  /**
   * A zone that {@code java.util.TimeZone} knows too: the name of a region, or an offset in whole
   * minutes.
   */
  static Optional<ZoneId> read(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      ZoneId zone = ZoneId.of(text);
      if (known().contains(zone.getId())) {
        return Optional.of(zone);
      }
      return zone.normalized() instanceof ZoneOffset offset && offset.getTotalSeconds() % 60 == 0
          ? Optional.of(offset)
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static void unknown(String text, String pointer, Faults faults) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    faults.add(
        pointer,
        "zone_unknown",
        "'" + shown + "' is not a time zone of the IANA database" + Nearest.hint(text, known()));
  }

  private static Set<String> known() {
    return ZoneId.getAvailableZoneIds();
  }
}
