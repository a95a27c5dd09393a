package io.carillon.calendar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.calendar.CalendarDefinition.Days;
import io.carillon.calendar.CalendarDefinition.Instants;
import io.carillon.calendar.CalendarDefinition.Range;
import io.carillon.calendar.CalendarDefinition.Times;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Weekdays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Writes calendars as JSON: the same form for clients, who may send it back, and for the database.
 * Stateless, thread-safe.
 */
public final class CalendarWriter {
  private CalendarWriter() {}

  /** All members, also empty ones; never an ICS text, since its content stands in the others. */
  public static ObjectNode write(CalendarDefinition calendar) {
    ObjectNode node = StrictJson.object();
    node.put("description", calendar.description());
    ArrayNode dates = node.putArray("dates");
    calendar.dates().forEach(date -> dates.add(date.toString()));
    ArrayNode ranges = node.putArray("ranges");
    calendar.ranges().forEach(range -> ranges.add(range(range)));
    ArrayNode weekdays = node.putArray("weekdays");
    calendar.weekdays().forEach(day -> weekdays.add(Weekdays.name(day)));
    ArrayNode yearly = node.putArray("yearly");
    calendar.yearly().forEach(day -> yearly.add(day.toString().substring(2)));
    ArrayNode cron = node.putArray("cron");
    calendar.cron().forEach(cron::add);
    return node;
  }

  private static ObjectNode range(Range range) {
    ObjectNode node = StrictJson.object();
    if (range instanceof Days days) {
      return node.put("from", days.from().toString()).put("to", days.to().toString());
    }
    if (range instanceof Times times) {
      return node.put("from", times.from().toString()).put("to", times.to().toString());
    }
    Instants span = (Instants) range;
    return node.put("from", span.from().toString()).put("to", span.to().toString());
  }

  static String store(CalendarDefinition calendar) {
    return StrictJson.text(write(calendar));
  }

  /**
   * Reads what {@link #store} wrote, without the rules for submissions.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  static CalendarDefinition parse(String text) {
    try {
      JsonNode node = StrictJson.tree(text);
      List<Range> ranges = new ArrayList<>();
      node.path("ranges").forEach(range -> ranges.add(range(range)));
      return new CalendarDefinition(
          node.hasNonNull("description") ? node.get("description").textValue() : null,
          new TreeSet<>(texts(node, "dates", LocalDate::parse)),
          ranges,
          Weekdays.all(texts(node, "weekdays", name -> name)),
          new TreeSet<>(texts(node, "yearly", day -> MonthDay.parse("--" + day))),
          texts(node, "cron", cron -> cron));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a stored calendar is damaged", e);
    }
  }

  private static Range range(JsonNode node) {
    Object from = CalendarReader.moment(node.required("from").textValue());
    Object to = CalendarReader.moment(node.required("to").textValue());
    if (from instanceof LocalDate first) {
      return new Days(first, (LocalDate) to);
    }
    return from instanceof LocalDateTime begin
        ? new Times(begin, (LocalDateTime) to)
        : new Instants((Instant) from, (Instant) to);
  }

  private static <T> List<T> texts(JsonNode node, String name, Function<String, T> parse) {
    List<T> values = new ArrayList<>();
    node.path(name).forEach(item -> values.add(parse.apply(item.textValue())));
    return values;
  }
}
