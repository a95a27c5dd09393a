package io.carillon.spec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads instants: RFC 3339, or a local time with the zone given beside it. A local time in the gap
 * of a clock change becomes the first instant after it; one that is there twice, the earlier.
 * Stateless.
 */
final class Moments {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final Pattern FAR = Pattern.compile("[-+]?[0-9]{5,}-.*|-.*");
  private static final Pattern OFFSET = Pattern.compile(".*T.*(?:[zZ]|[-+][0-9:]{2,8})");

  private Moments() {}

  /**
   * @param zone for local times; null if none is known
   * @return null if the field is absent or faulty
   */
  static @Nullable Instant read(
      Fields fields, String name, @Nullable ZoneId zone, boolean zoneGiven) {
    String text = fields.text(name);
    if (text == null) {
      return null;
    }
    if (text.length() > 64) {
      fields.fault(name, "at_invalid", "not an instant");
      return null;
    }
    if (FAR.matcher(text).matches()) {
      outOfRange(fields, name);
      return null;
    }
    try {
      return within(fields, name, instant(fields, name, text, zone, zoneGiven));
    } catch (DateTimeException e) {
      fields.fault(
          name,
          "at_invalid",
          "'" + Fields.shown(text) + "' is not an instant such as 2027-01-31T09:00:00Z");
      return null;
    }
  }

  static @Nullable Instant within(Fields fields, String name, @Nullable Instant instant) {
    if (instant == null) {
      return null;
    }
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      outOfRange(fields, name);
      return null;
    }
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  private static @Nullable Instant instant(
      Fields fields, String name, String text, @Nullable ZoneId zone, boolean zoneGiven) {
    if (OFFSET.matcher(text.toUpperCase(Locale.ROOT)).matches()) {
      return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
    }
    LocalDateTime local = LocalDateTime.parse(text, DateTimeFormatter.ISO_LOCAL_DATE_TIME);
    if (zone == null) {
      if (!zoneGiven) {
        fields.fault(
            name,
            "at_zone_required",
            "'" + text + "' is a local time: add 'timeZone', or an offset such as Z");
      }
      return null;
    }
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  private static void outOfRange(Fields fields, String name) {
    fields.fault(name, "at_out_of_range", "instants are from 1970 to the end of the year 9999");
  }
}
