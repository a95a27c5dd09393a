package io.carillon.spec;

import io.carillon.cron.DstPolicy;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what only a {@code dailyWindow} has. One use; not thread-safe. */
final class WindowReader {
  private static final Pattern TIME =
      Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?");

  private final Fields fields;

  WindowReader(Fields fields) {
    this.fields = fields;
  }

  /** Null if anything is wrong, which is noted. */
  @Nullable Schedule read(@Nullable Duration every, ZoneId zone, DstPolicy dst, Limits limits) {
    int before = fields.faults().count();
    LocalTime from = time("from");
    LocalTime to = time("to");
    Set<DayOfWeek> days = days();
    if (from != null && to != null && to.isBefore(from)) {
      fields.fault(
          "to", "window_order", "'to' is before 'from'; for a window over midnight use two jobs");
    }
    if (every != null && every.getNano() != 0) {
      fields.fault("every", "interval_range", "in a window 'every' is a number of whole seconds");
    }
    return from == null || to == null || every == null || fields.faults().count() > before
        ? null
        : new Schedule.DailyWindow(from, to, every, days, zone, dst, limits);
  }

  private Set<DayOfWeek> days() {
    int before = fields.faults().count();
    Set<DayOfWeek> days = Weekdays.read(fields, "days");
    if (days != null && days.isEmpty() && fields.faults().count() == before) {
      fields.fault("days", "field_required", "'days' names at least one, or is left out for all");
    }
    return days == null ? EnumSet.allOf(DayOfWeek.class) : days;
  }

  private @Nullable LocalTime time(String name) {
    if (!fields.has(name)) {
      fields.required(name);
      return null;
    }
    String text = fields.text(name);
    if (text != null && !TIME.matcher(text).matches()) {
      fields.fault(
          name,
          "time_invalid",
          "'" + Fields.shown(text) + "' is not a time such as 09:00 or 17:30:00");
      return null;
    }
    return text == null ? null : LocalTime.parse(text);
  }
}
