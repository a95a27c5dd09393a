package io.carillon.calendar;

import biweekly.component.VEvent;
import biweekly.io.TimezoneAssignment;
import biweekly.io.TimezoneInfo;
import biweekly.property.DateStart;
import biweekly.property.ExceptionDates;
import biweekly.property.RecurrenceDates;
import biweekly.property.RecurrenceRule;
import biweekly.util.DateTimeComponents;
import biweekly.util.Frequency;
import biweekly.util.ICalDate;
import biweekly.util.Recurrence;
import io.carillon.calendar.CalendarDefinition.Days;
import io.carillon.calendar.CalendarDefinition.Instants;
import io.carillon.calendar.CalendarDefinition.Range;
import io.carillon.calendar.CalendarDefinition.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event of an ICS file. Its rules are worked out by the clock on the wall, as the file writes
 * times, and only what comes of them is turned into instants: so neither this machine's zone nor a
 * clock change on the way plays a part. For one thread.
 */
final class IcsEvent {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_YEARLY_DAYS = 31;

  private final VEvent event;
  private final @Nullable LocalDateTime start;
  private final boolean allDay;
  private final @Nullable Duration length;
  private final @Nullable IcsClock clock;
  private final boolean zoneUnknown;

  IcsEvent(VEvent event, TimezoneInfo zones) {
    this.event = event;
    DateStart property = event.getDateStart();
    ICalDate begin = property == null ? null : property.getValue();
    this.start = begin == null ? null : local(begin);
    this.allDay = begin != null && !begin.hasTime();
    TimezoneAssignment named = property == null ? null : zones.getTimezone(property);
    if (begin == null || allDay) {
      this.clock = null;
    } else if (isUtc(begin)) {
      this.clock = IcsClock.UTC;
    } else {
      this.clock = named == null ? null : IcsClock.of(named);
    }
    this.zoneUnknown =
        !allDay
            && clock == null
            && property != null
            && property.getParameters().getTimezoneId() != null;
    this.length = length();
  }

  private @Nullable Duration length() {
    LocalDateTime begin = start;
    if (begin == null) {
      return null;
    }
    if (event.getDateEnd() != null && event.getDateEnd().getValue() != null) {
      return Duration.between(begin, local(event.getDateEnd().getValue()));
    }
    if (event.getDuration() != null && event.getDuration().getValue() != null) {
      return Duration.ofMillis(event.getDuration().getValue().toMillis());
    }
    return allDay ? DAY : Duration.ZERO;
  }

  /** As written: without its zone. */
  static LocalDateTime local(ICalDate date) {
    DateTimeComponents raw = date.getRawComponents();
    return raw == null ? LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC) : local(raw);
  }

  static LocalDateTime local(DateTimeComponents raw) {
    return LocalDateTime.of(
        raw.getYear(),
        raw.getMonth(),
        raw.getDate(),
        raw.getHour(),
        raw.getMinute(),
        Math.min(59, raw.getSecond()));
  }

  private static boolean isUtc(ICalDate date) {
    return date.getRawComponents() != null && date.getRawComponents().isUtc();
  }

  boolean isCancelled() {
    return event.getStatus() != null && event.getStatus().isCancelled();
  }

  boolean isUsable() {
    return start != null && length != null && length.compareTo(Duration.ZERO) > 0;
  }

  boolean zoneUnknown() {
    return zoneUnknown;
  }

  String uid() {
    boolean series = event.getRecurrenceId() == null;
    return series && event.getUid() != null ? String.valueOf(event.getUid().getValue()) : "";
  }

  String summary() {
    String text = event.getSummary() == null ? "" : String.valueOf(event.getSummary().getValue());
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private @Nullable Recurrence rule() {
    RecurrenceRule rule = event.getRecurrenceRule();
    return rule == null ? null : rule.getValue();
  }

  /** The days of an all-day event that comes on the same ones every year for good; else none. */
  Set<MonthDay> yearlyDays() {
    Recurrence rule = rule();
    Set<MonthDay> days = new TreeSet<>();
    LocalDateTime begin = start;
    Duration span = length;
    if (rule == null || begin == null || span == null || !allDay || !isForGood(rule, begin)) {
      return days;
    }
    if (span.toDays() <= MOST_YEARLY_DAYS) {
      for (int i = 0; i < span.toDays(); i++) {
        days.add(MonthDay.from(begin.plusDays(i)));
      }
    }
    return days;
  }

  private boolean isForGood(Recurrence rule, LocalDateTime begin) {
    return rule.getFrequency() == Frequency.YEARLY
        && rule.getUntil() == null
        && rule.getCount() == null
        && (rule.getInterval() == null || rule.getInterval() == 1)
        && rule.getByDay().isEmpty()
        && rule.getByYearDay().isEmpty()
        && rule.getByWeekNo().isEmpty()
        && rule.getBySetPos().isEmpty()
        && isOnly(rule.getByMonth(), begin.getMonthValue())
        && isOnly(rule.getByMonthDay(), begin.getDayOfMonth())
        && event.getProperties(ExceptionDates.class).isEmpty()
        && event.getProperties(RecurrenceDates.class).isEmpty()
        && event.getExceptionRules().isEmpty();
  }

  private static boolean isOnly(List<Integer> values, int value) {
    return values.isEmpty() || values.equals(List.of(value));
  }

  /**
   * Every occurrence within a span.
   *
   * @param replaced begins that another event takes the place of
   */
  void occurrences(
      Set<LocalDateTime> replaced, IcsSpan span, IcsBudget budget, Consumer<Range> found) {
    LocalDateTime begin = start;
    Duration each = length;
    if (begin == null || each == null) {
      return;
    }
    Set<LocalDateTime> without = new HashSet<>(replaced);
    event
        .getProperties(ExceptionDates.class)
        .forEach(dates -> dates.getValues().forEach(date -> without.add(wall(date))));
    Set<LocalDateTime> also = new TreeSet<>();
    event
        .getProperties(RecurrenceDates.class)
        .forEach(dates -> dates.getDates().forEach(date -> also.add(wall(date))));
    Recurrence rule = rule();
    if (rule == null) {
      also.add(begin);
    } else {
      recur(
          rule, begin, each, span, budget, at -> without.contains(at) || also.contains(at), found);
    }
    also.stream()
        .filter(at -> !without.contains(at) && at.plus(each).isAfter(span.from()))
        .filter(at -> at.isBefore(span.to()))
        .forEach(at -> found.accept(range(at, each)));
  }

  private interface Taken {
    boolean test(LocalDateTime at);
  }

  private void recur(
      Recurrence rule,
      LocalDateTime begin,
      Duration each,
      IcsSpan span,
      IcsBudget budget,
      Taken taken,
      Consumer<Range> found) {
    ICalDate until = rule.getUntil();
    Recurrence endless = new Recurrence.Builder(rule).until((ICalDate) null).build();
    Date first = Date.from(begin.toInstant(ZoneOffset.UTC));
    Iterator<Date> dates = endless.getDateIterator(new ICalDate(first, true), UTC);
    while (dates.hasNext()) {
      budget.spend();
      LocalDateTime at = LocalDateTime.ofInstant(dates.next().toInstant(), ZoneOffset.UTC);
      if (!at.isBefore(span.to()) || (until != null && isAfter(at, until))) {
        return;
      }
      if (!taken.test(at) && at.plus(each).isAfter(span.from())) {
        found.accept(range(at, each));
      }
    }
  }

  private boolean isAfter(LocalDateTime at, ICalDate until) {
    LocalDateTime last = until.hasTime() ? wall(until) : local(until).plusDays(1).minusSeconds(1);
    return at.isAfter(last);
  }

  /** By the clock of this event, where the value is in UTC and the event in another zone. */
  private LocalDateTime wall(ICalDate date) {
    LocalDateTime written = local(date);
    IcsClock own = clock;
    return own == null || !isUtc(date) ? written : own.local(written.toInstant(ZoneOffset.UTC));
  }

  private Range range(LocalDateTime at, Duration each) {
    if (allDay) {
      LocalDate first = at.toLocalDate();
      return new Days(first, first.plusDays(Math.max(1, each.toDays()) - 1));
    }
    IcsClock own = clock;
    if (own == null) {
      return new Times(at, at.plus(each));
    }
    Instant from = own.instant(at);
    return new Instants(from, from.plus(each));
  }
}
