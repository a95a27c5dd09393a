package io.carillon.cron;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.Optional;

/**
 * Tells the next instants of a normalized cron text, as {@code org.quartz.CronExpression} (2.5.2)
 * does: local times in the gap of a clock change are passed over, of two equal local times in an
 * overlap only the later is met, and the odd ways of {@code W} are kept. Zones follow {@code
 * java.time}; Quartz's own differ from it beyond 2037 in zones without a yearly rule. Immutable,
 * thread-safe; some microseconds a call, bounded by a hundred years of search.
 */
public final class CronTimes {
  private static final int YEARS_AHEAD = 100;

  /** More than any hundred years need; a guard against walking on the spot. */
  private static final int MOST_STEPS = 20_000;

  private static final long LAST_SECOND =
      LocalDateTime.of(9899, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private static final long FIRST_SECOND =
      LocalDateTime.of(1900, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

  final FieldSet seconds;
  final FieldSet minutes;
  final FieldSet hours;
  private final FieldSet days;
  private final FieldSet months;
  private final FieldSet weekdays;
  private final FieldSet years;

  private CronTimes(String[] fields) {
    seconds = FieldReader.read(CronField.SECOND, fields[0], false);
    minutes = FieldReader.read(CronField.MINUTE, fields[1], false);
    hours = FieldReader.read(CronField.HOUR, fields[2], false);
    days = FieldReader.read(CronField.DAY_OF_MONTH, fields[3], false);
    months = FieldReader.read(CronField.MONTH, fields[4], false);
    weekdays = FieldReader.read(CronField.DAY_OF_WEEK, fields[5], false);
    years = FieldReader.read(CronField.YEAR, fields.length > 6 ? fields[6] : "*", false);
  }

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it
   * @throws IllegalArgumentException if it is not
   */
  public static CronTimes parse(String normalized) {
    String[] fields = normalized.split(" ");
    if (fields.length != 6 && fields.length != 7) {
      throw new IllegalArgumentException("not a normalized cron text: " + normalized);
    }
    try {
      CronTimes times = new CronTimes(fields);
      if (times.days.isOpen() == times.weekdays.isOpen()) {
        throw new IllegalArgumentException("not exactly one day field is open: " + normalized);
      }
      return times;
    } catch (CronFault e) {
      throw new IllegalArgumentException("not a normalized cron text: " + normalized, e);
    }
  }

  /** The first instant strictly after {@code after}, whole seconds; empty if there is none. */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    if (after.getEpochSecond() > LAST_SECOND || after.getEpochSecond() < FIRST_SECOND) {
      return Optional.empty();
    }
    Instant from = Instant.ofEpochSecond(after.getEpochSecond() + 1);
    return new Walk(from, zone.getRules()).run();
  }

  /**
   * As {@link LocalPattern#next}: the first local time strictly after another, no clock changing.
   */
  long nextLocal(long local) {
    return local < FIRST_SECOND || local > LAST_SECOND
        ? LocalPattern.NEVER
        : new Walk(Instant.ofEpochSecond(local + 1), ZoneOffset.UTC.getRules())
            .run()
            .map(Instant::getEpochSecond)
            .orElse(LocalPattern.NEVER);
  }

  /** Whether any date at all matches, be it past. */
  boolean firesEver() {
    for (int year = CronField.YEAR.min; year < CronField.YEAR.max; year += YEARS_AHEAD) {
      Instant from = LocalDateTime.of(year, 1, 1, 0, 0).toInstant(ZoneOffset.UTC).minusSeconds(1);
      if (next(from, ZoneOffset.UTC).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** One search: a local time that only moves on, field by field from the smallest. */
  private final class Walk {
    private final Instant from;
    private final ZoneRules rules;
    private final int lastYear;
    private LocalDateTime at;
    private boolean over;

    Walk(Instant from, ZoneRules rules) {
      this.from = from;
      this.rules = rules;
      this.at = LocalDateTime.ofEpochSecond(from.getEpochSecond(), 0, rules.getOffset(from));
      this.lastYear = at.getYear() + YEARS_AHEAD;
    }

    Optional<Instant> run() {
      for (int step = 0; step < MOST_STEPS && !over; step++) {
        toSecond();
        if (minuteFits() && hourFits() && monthFits() && yearFits() && dayFits()) {
          return Optional.of(instant(at));
        }
      }
      return Optional.empty();
    }

    private void toSecond() {
      int second = seconds.next(at.getSecond());
      at =
          settled(
              second < 0 ? at.plusMinutes(1).withSecond(seconds.first()) : at.withSecond(second));
    }

    private boolean minuteFits() {
      int minute = minutes.next(at.getMinute());
      if (minute == at.getMinute()) {
        return true;
      }
      int hour = minute < 0 ? at.getHour() + 1 : at.getHour();
      atHour(at.toLocalDate(), hour, minute < 0 ? minutes.first() : minute);
      return false;
    }

    private boolean hourFits() {
      int hour = hours.next(at.getHour());
      if (hour == at.getHour()) {
        return true;
      }
      LocalDate day = hour < 0 ? at.toLocalDate().plusDays(1) : at.toLocalDate();
      atHour(day, hour < 0 ? hours.first() : hour, 0);
      return false;
    }

    /** If the hour is in a gap, the next one is taken, counted from the day that came of it. */
    private void atHour(LocalDate day, int hour, int minute) {
      at = settled(day.atTime(0, minute).plusHours(hour));
      if (at.getHour() != hour && hour != 24) {
        at = settled(at.toLocalDate().atTime(0, at.getMinute()).plusHours(hour + 1L));
      }
    }

    private boolean dayFits() {
      return weekdays.isOpen() ? dayOfMonthFits() : weekdayFits();
    }

    private boolean dayOfMonthFits() {
      int today = at.getDayOfMonth();
      int day = nearestWeekday(today);
      int plain = smallest(today, days.values(), days.lastOffsets());
      if (plain > 0 && (day < 0 || plain < day)) {
        return plain == today || toDay(plain);
      }
      if (day < 0) {
        return toNextMonth();
      }
      at = settled(at.withDayOfMonth(day));
      return true;
    }

    /** The day that {@code W} moves to; -1 if there is none left in this month. */
    private int nearestWeekday(int today) {
      int meant = smallest(today, days.weekdays(), days.lastWeekdays());
      if (meant < 0) {
        return -1;
      }
      DayOfWeek weekday = at.toLocalDate().withDayOfMonth(meant).getDayOfWeek();
      int day = meant;
      if (weekday == DayOfWeek.SATURDAY) {
        day += meant == 1 ? 2 : -1;
      } else if (weekday == DayOfWeek.SUNDAY) {
        day += meant == lengthOfMonth() ? -2 : 1;
      }
      return instant(at.withDayOfMonth(day)).isBefore(from) ? -1 : day;
    }

    /** The smallest day at or after {@code today}; -1 if there is none in this month. */
    private int smallest(int today, BitSet plain, BitSet offsets) {
      int length = lengthOfMonth();
      int day = plain.nextSetBit(today);
      int offset = length < today ? -1 : offsets.previousSetBit(length - today);
      if (day > 0 && day <= length && (offset < 0 || day < 31 - offset)) {
        return day;
      }
      return offset < 0 ? -1 : length - offset;
    }

    private boolean weekdayFits() {
      int today = at.getDayOfMonth();
      int now = at.getDayOfWeek().getValue() % 7 + 1;
      int wanted = weekdays.next(now);
      if (wanted < 0 || weekdays.last() || weekdays.nth() > 0) {
        wanted = weekdays.first();
      }
      int day = today + Math.floorMod(wanted - now, 7);
      int length = lengthOfMonth();
      if (weekdays.last()) {
        while (day + 7 <= length) {
          day += 7;
        }
      } else if (weekdays.nth() > 0) {
        int week = (day + 6) / 7;
        if (week > weekdays.nth()) {
          return toNextMonth();
        }
        day += (weekdays.nth() - week) * 7;
      }
      if (day > length) {
        return toNextMonth();
      }
      return day == today || toDay(day);
    }

    private boolean monthFits() {
      if (at.getYear() > lastYear) {
        over = true;
        return false;
      }
      int month = months.next(at.getMonthValue());
      if (month == at.getMonthValue()) {
        return true;
      }
      int year = month < 0 ? at.getYear() + 1 : at.getYear();
      at = settled(LocalDate.of(year, month < 0 ? months.first() : month, 1).atStartOfDay());
      return false;
    }

    private boolean yearFits() {
      int year = years.isStar() ? at.getYear() : years.next(at.getYear());
      if (year == at.getYear()) {
        return true;
      }
      if (year < 0) {
        over = true;
      } else {
        at = settled(LocalDate.of(year, 1, 1).atStartOfDay());
      }
      return false;
    }

    private boolean toDay(int day) {
      at = settled(at.toLocalDate().withDayOfMonth(day).atStartOfDay());
      return false;
    }

    private boolean toNextMonth() {
      at = settled(at.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay());
      return false;
    }

    private int lengthOfMonth() {
      return at.toLocalDate().lengthOfMonth();
    }

    /** A local time that exists: one in a gap is moved on by the length of the gap. */
    private LocalDateTime settled(LocalDateTime local) {
      ZoneOffsetTransition change = rules.getTransition(local);
      return change != null && change.isGap()
          ? local.plusSeconds(change.getDuration().getSeconds())
          : local;
    }

    private Instant instant(LocalDateTime local) {
      ZoneOffsetTransition change = rules.getTransition(local);
      ZoneOffset offset =
          change == null
              ? rules.getOffset(local)
              : change.isGap() ? change.getOffsetBefore() : change.getOffsetAfter();
      return local.toInstant(offset);
    }
  }
}
