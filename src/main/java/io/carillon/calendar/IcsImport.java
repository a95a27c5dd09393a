package io.carillon.calendar;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.ParseWarning;
import io.carillon.calendar.CalendarDefinition.Range;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the events of an ICS file (RFC 5545) as what a calendar excludes: whole days, yearly days
 * where an event comes every year for good, and spans of local times or instants. What repeats is
 * written out up to ten years ahead; what was over a year ago is left out. Whether an event counts
 * as busy plays no part, since holidays are mostly published as free. One use per file.
 */
final class IcsImport {
  private static final int MOST_EVENTS = 10_000;
  private static final int MOST_WARNINGS = 20;
  private static final int MOST_OCCURRENCES = 200_000;

  private final IcsSpan horizon;
  private final Set<LocalDate> dates = new HashSet<>();
  private final Set<Range> ranges = new LinkedHashSet<>();
  private final Set<MonthDay> yearly = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();

  IcsImport(Instant now) {
    this.horizon = IcsSpan.around(now);
  }

  /** What a file holds. */
  record Found(
      Set<LocalDate> dates, Set<Range> ranges, Set<MonthDay> yearly, List<String> warnings) {}

  /** The file cannot be used; the message is for people. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    Unreadable(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /**
   * @throws Unreadable if it is no ICS file, holds no event, or more than a calendar may
   */
  Found read(String text) {
    List<VEvent> events = new ArrayList<>();
    List<ICalendar> files = parse(text);
    files.forEach(file -> events.addAll(file.getEvents()));
    if (events.isEmpty()) {
      throw new Unreadable("ics_empty", "there is no event in this file");
    }
    if (events.size() > MOST_EVENTS) {
      throw tooLarge();
    }
    for (ICalendar file : files) {
      Map<String, Set<LocalDateTime>> replaced = replaced(file.getEvents());
      IcsBudget budget = new IcsBudget(MOST_OCCURRENCES);
      for (VEvent event : file.getEvents()) {
        add(new IcsEvent(event, file.getTimezoneInfo()), replaced, budget);
      }
    }
    if (dates.isEmpty() && ranges.isEmpty() && yearly.isEmpty() && !warnings.isEmpty()) {
      throw new Unreadable("ics_empty", "no event of this file can be used; " + warnings.get(0));
    }
    return new Found(dates, ranges, yearly, List.copyOf(warnings));
  }

  private List<ICalendar> parse(String text) {
    List<List<ParseWarning>> said = new ArrayList<>();
    List<ICalendar> files;
    try {
      files = Biweekly.parse(text).warnings(said).all();
    } catch (RuntimeException e) {
      throw new Unreadable("ics_invalid", "this is not an ICS file");
    }
    if (files.isEmpty() || !text.toUpperCase(Locale.ROOT).contains("BEGIN:VCALENDAR")) {
      throw new Unreadable("ics_invalid", "this is not an ICS file: it has no BEGIN:VCALENDAR");
    }
    for (List<ParseWarning> ofFile : said) {
      for (ParseWarning warning : ofFile) {
        Integer line = warning.getLineNumber();
        warn("ics" + (line == null ? "" : " line " + line) + ": " + warning.getMessage());
      }
    }
    return files;
  }

  /** Instances that an event of their own takes the place of, by the series' uid. */
  private static Map<String, Set<LocalDateTime>> replaced(List<VEvent> events) {
    Map<String, Set<LocalDateTime>> replaced = new HashMap<>();
    for (VEvent event : events) {
      if (event.getRecurrenceId() != null && event.getUid() != null) {
        replaced
            .computeIfAbsent(String.valueOf(event.getUid().getValue()), uid -> new HashSet<>())
            .add(IcsEvent.local(event.getRecurrenceId().getValue()));
      }
    }
    return replaced;
  }

  private void add(IcsEvent event, Map<String, Set<LocalDateTime>> replaced, IcsBudget budget) {
    if (event.isCancelled()) {
      return;
    }
    try {
      if (!event.isUsable()) {
        warn("ics: '" + event.summary() + "' has no begin or no length; it is left out");
      } else if (event.yearlyDays().isEmpty()) {
        if (event.zoneUnknown()) {
          warn("ics: '" + event.summary() + "' names an unknown zone; its times are read as local");
        }
        event.occurrences(
            replaced.getOrDefault(event.uid(), Set.of()), horizon, budget, this::keep);
      } else {
        yearly.addAll(event.yearlyDays());
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      warn("ics: '" + event.summary() + "' cannot be read; it is left out");
    }
  }

  private void keep(Range range) {
    if (range instanceof CalendarDefinition.Days days && days.from().equals(days.to())) {
      dates.add(days.from());
    } else {
      ranges.add(range);
    }
    if (dates.size() + ranges.size() > CalendarDefinition.MOST_DATES) {
      throw tooLarge();
    }
  }

  private static Unreadable tooLarge() {
    return new Unreadable(
        "calendar_too_large",
        "more than " + CalendarDefinition.MOST_DATES + " days and spans within ten years");
  }

  private void warn(String warning) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.add(warning);
    } else if (warnings.size() == MOST_WARNINGS) {
      warnings.add("ics: and more");
    }
  }
}
