package io.carillon.calendar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.calendar.CalendarDefinition.Days;
import io.carillon.calendar.CalendarDefinition.Instants;
import io.carillon.calendar.CalendarDefinition.Range;
import io.carillon.calendar.CalendarDefinition.Times;
import io.carillon.cron.CronReader;
import io.carillon.cron.Reading;
import io.carillon.spec.Faults;
import io.carillon.spec.Fields;
import io.carillon.spec.Weekdays;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a calendar and notes every fault of it. What an ICS file holds becomes dates,
 * ranges and yearly days like those that are given. Thread-safe.
 */
public final class CalendarReader {
  static final int LARGEST_ICS = 1 << 20;

  private static final int LONGEST_DESCRIPTION = 250;

  /** What an answer shows beside the definition: it may be sent back, and counts for nothing. */
  private static final List<String> READ_ONLY =
      List.of("name", "version", "createdAt", "updatedAt", "warnings");

  private final InstantSource clock;

  public CalendarReader(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param warnings receives what was left out of an ICS file, in plain English
   * @return null if and only if faults were added
   */
  public @Nullable CalendarDefinition read(ObjectNode body, Faults faults, List<String> warnings) {
    int before = faults.count();
    Fields fields = new Fields(body, "", faults);
    READ_ONLY.forEach(fields::any);
    String description = description(fields);
    SortedSet<LocalDate> dates = new TreeSet<>(dates(fields));
    Set<Range> ranges = new LinkedHashSet<>(ranges(fields));
    Set<DayOfWeek> days = Weekdays.read(fields, "weekdays");
    Set<DayOfWeek> weekdays = days == null ? Set.of() : days;
    SortedSet<MonthDay> yearly =
        new TreeSet<>(items(fields, "yearly", 366, CalendarReader::monthDay));
    List<String> cron = cron(fields);
    IcsImport.Found found = ics(fields);
    fields.end();
    if (found != null) {
      dates.addAll(found.dates());
      ranges.addAll(found.ranges());
      yearly.addAll(found.yearly());
      warnings.addAll(found.warnings());
    }
    if (dates.size() + ranges.size() > CalendarDefinition.MOST_DATES) {
      faults.add(
          "",
          "calendar_too_large",
          "dates and ranges together are " + (dates.size() + ranges.size()) + "; at most 10000");
    }
    if (weekdays.size() == 7) {
      fields.fault("weekdays", "calendar_excludes_all", "nothing would ever run");
    }
    return faults.count() > before
        ? null
        : new CalendarDefinition(description, dates, List.copyOf(ranges), weekdays, yearly, cron);
  }

  private static @Nullable String description(Fields fields) {
    String text = fields.text("description");
    if (text != null && text.codePointCount(0, text.length()) > LONGEST_DESCRIPTION) {
      fields.fault(
          "description", "description_too_long", "at most " + LONGEST_DESCRIPTION + " characters");
    }
    return text;
  }

  private static List<LocalDate> dates(Fields fields) {
    return items(fields, "dates", CalendarDefinition.MOST_DATES, CalendarReader::date);
  }

  /** The texts of an array as values; what cannot be one is noted. */
  private static <T> List<T> items(
      Fields fields, String name, int most, Function<String, T> parse) {
    ArrayNode array = fields.array(name, most);
    List<T> values = new ArrayList<>();
    for (int i = 0; array != null && i < array.size(); i++) {
      String place = fields.pointer(name) + "/" + i;
      String text = array.get(i).isTextual() ? array.get(i).textValue() : null;
      if (text == null) {
        fields.faults().add(place, "json_type", "an item must be a string");
        continue;
      }
      try {
        values.add(parse.apply(text));
      } catch (DateTimeException | IllegalArgumentException e) {
        fields
            .faults()
            .add(place, "date_invalid", "'" + Fields.shown(text) + "' is not " + wanted(name));
      }
    }
    return values;
  }

  private static String wanted(String name) {
    return name.equals("dates")
        ? "a date such as 2026-12-24, from 1970 to 9999"
        : "a day of the year such as 12-25";
  }

  private static LocalDate date(String text) {
    return within(LocalDate.parse(text));
  }

  private static LocalDate within(LocalDate date) {
    if (date.getYear() < 1970 || date.getYear() > 9999) {
      throw new DateTimeException("year");
    }
    return date;
  }

  private static MonthDay monthDay(String text) {
    return MonthDay.parse("--" + text);
  }

  private static List<String> cron(Fields fields) {
    List<String> texts = fields.texts("cron", CalendarDefinition.MOST_CRON);
    List<String> normalized = new ArrayList<>();
    for (int i = 0; texts != null && i < texts.size(); i++) {
      String place = fields.pointer("cron") + "/" + i;
      Reading reading = CronReader.read(texts.get(i), null);
      if (reading instanceof Reading.Valid valid) {
        normalized.add(valid.normalized());
      } else if (reading instanceof Reading.Invalid invalid) {
        fields.faults().add(place, invalid.code(), invalid.detail());
      } else {
        fields.faults().add(place, "cron_macro", "an interval excludes nothing");
      }
    }
    return normalized.stream().distinct().toList();
  }

  private static List<Range> ranges(Fields fields) {
    ArrayNode array = fields.array("ranges", CalendarDefinition.MOST_DATES);
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; array != null && i < array.size(); i++) {
      String place = fields.pointer("ranges") + "/" + i;
      if (!(array.get(i) instanceof ObjectNode node)) {
        fields.faults().add(place, "json_type", "a range must be an object with 'from' and 'to'");
        continue;
      }
      Range range = range(new Fields(node, place, fields.faults()));
      if (range != null) {
        ranges.add(range);
      }
    }
    return ranges;
  }

  private static @Nullable Range range(Fields fields) {
    Object from = end(fields, "from");
    Object to = end(fields, "to");
    fields.end();
    if (from == null || to == null) {
      return null;
    }
    try {
      if (from instanceof LocalDate first && to instanceof LocalDate last) {
        return new Days(first, last);
      } else if (from instanceof LocalDateTime begin && to instanceof LocalDateTime end) {
        return new Times(begin, end);
      } else if (from instanceof Instant begin && to instanceof Instant end) {
        return new Instants(begin, end);
      }
    } catch (IllegalArgumentException e) {
      fields.fault("to", "end_before_start", "'to' must be later than 'from'");
      return null;
    }
    fields.fault(
        "to", "range_mixed", "'from' and 'to' are two dates, two local times or two instants");
    return null;
  }

  /** A date, a local time or an instant; null if it is none, which is noted. */
  private static @Nullable Object end(Fields fields, String name) {
    String text = fields.text(name);
    if (text == null) {
      if (!fields.has(name)) {
        fields.required(name);
      }
      return null;
    }
    try {
      Object end = moment(text);
      within(
          end instanceof LocalDate date
              ? date
              : end instanceof LocalDateTime local
                  ? local.toLocalDate()
                  : LocalDate.ofInstant((Instant) end, ZoneOffset.UTC));
      return end;
    } catch (DateTimeException e) {
      fields.fault(
          name,
          "date_invalid",
          "'"
              + Fields.shown(text)
              + "' is not a date, a local time or an instant, such as 2026-12-24,"
              + " 2026-12-24T18:00 or 2026-12-24T18:00:00Z");
      return null;
    }
  }

  static Object moment(String text) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text);
    }
    boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 10;
    return offset ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text);
  }

  private IcsImport.@Nullable Found ics(Fields fields) {
    String text = fields.text("ics");
    if (text == null) {
      return null;
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_ICS) {
      fields.fault("ics", "ics_too_large", "an ICS file has at most 1 MiB");
      return null;
    }
    try {
      return new IcsImport(clock.instant()).read(text);
    } catch (IcsImport.Unreadable e) {
      fields.fault("ics", e.code(), String.valueOf(e.getMessage()));
      return null;
    }
  }
}
