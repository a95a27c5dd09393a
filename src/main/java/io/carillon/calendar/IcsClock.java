package io.carillon.calendar;

import biweekly.io.TimezoneAssignment;
import biweekly.util.DateTimeComponents;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * The clock on the wall that an event goes by: of a zone that Java knows, or of one that the file
 * itself describes.
 *
 * @param zone null where only the file knows it
 */
record IcsClock(@Nullable ZoneId zone, TimeZone described) {
  static final IcsClock UTC = new IcsClock(ZoneOffset.UTC, TimeZone.getTimeZone("UTC"));

  static IcsClock of(TimezoneAssignment assignment) {
    String id =
        assignment.getComponent() == null || assignment.getComponent().getTimezoneId() == null
            ? assignment.getGlobalId()
            : assignment.getComponent().getTimezoneId().getValue();
    return new IcsClock(known(id), assignment.getTimeZone());
  }

  private static @Nullable ZoneId known(@Nullable String id) {
    try {
      return id == null ? null : ZoneId.of(id);
    } catch (DateTimeException e) {
      return null; // the file's own description is used
    }
  }

  /** Of a local time that comes twice the earlier; of one that does not exist a later one. */
  Instant instant(LocalDateTime local) {
    ZoneId own = zone;
    return own != null
        ? local.atZone(own).toInstant()
        : new DateTimeComponents(
                local.getYear(),
                local.getMonthValue(),
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond(),
                false)
            .toDate(described)
            .toInstant();
  }

  LocalDateTime local(Instant instant) {
    ZoneId own = zone;
    return own != null
        ? LocalDateTime.ofInstant(instant, own)
        : IcsEvent.local(new DateTimeComponents(Date.from(instant), described));
  }
}
