package io.carillon.cron;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.BitSet;

/**
 * The days of a cron text, month by month. Each element of a field means its days wherever it
 * stands; Quartz passes some of {@code W}, and of {@code L} in a list, over. Immutable,
 * thread-safe.
 */
final class CronDays {
  private final FieldSet days;
  private final FieldSet months;
  private final FieldSet weekdays;
  private final FieldSet years;

  CronDays(FieldSet days, FieldSet months, FieldSet weekdays, FieldSet years) {
    this.days = days;
    this.months = months;
    this.weekdays = weekdays;
    this.years = years;
  }

  /** Whether Quartz finds the same days wherever it begins to look. */
  boolean asInQuartz() {
    boolean last = !days.lastOffsets().isEmpty();
    return days.weekdays().isEmpty()
        && days.lastWeekdays().isEmpty()
        && !(last && days.text().indexOf(',') >= 0);
  }

  /**
   * The first day at or after another one, as days since 1970; {@link LocalPattern#NEVER} if there
   * is none within some years.
   */
  long next(long from, int mostYears) {
    LocalDate first = LocalDate.ofEpochDay(from);
    int year = first.getYear();
    int month = first.getMonthValue();
    int mask = in(year, month) & (-1 << first.getDayOfMonth());
    while (mask == 0) {
      month = months.next(month + 1);
      if (month < 0) {
        month = months.first();
        year = years.isStar() ? year + 1 : years.next(year + 1);
      }
      if (year < 0 || year > first.getYear() + mostYears) {
        return LocalPattern.NEVER;
      }
      mask = in(year, month);
    }
    return LocalDate.of(year, month, Integer.numberOfTrailingZeros(mask)).toEpochDay();
  }

  /** The days of a month as bits from 1. */
  private int in(int year, int month) {
    if (!months.values().get(month) || !(years.isStar() || years.values().get(year))) {
      return 0;
    }
    LocalDate first = LocalDate.of(year, month, 1);
    return weekdays.isOpen() ? byDay(first) : byWeekday(first);
  }

  private int byDay(LocalDate first) {
    int length = first.lengthOfMonth();
    int mask = days(days.values(), length);
    mask |= fromLast(days.lastOffsets(), length);
    int meant = days(days.weekdays(), length) | fromLast(days.lastWeekdays(), length);
    for (int day = 1; day <= length && meant != 0; day++) {
      if ((meant & 1 << day) != 0) {
        mask |= 1 << nearestWeekday(first.withDayOfMonth(day), length);
      }
    }
    return mask;
  }

  private static int days(BitSet values, int length) {
    int mask = 0;
    for (int day = values.nextSetBit(1); day > 0 && day <= length; ) {
      mask |= 1 << day;
      day = values.nextSetBit(day + 1);
    }
    return mask;
  }

  private static int fromLast(BitSet offsets, int length) {
    int mask = 0;
    for (int offset = offsets.nextSetBit(0); offset >= 0 && offset < length; ) {
      mask |= 1 << length - offset;
      offset = offsets.nextSetBit(offset + 1);
    }
    return mask;
  }

  /** Monday to Friday of the same month. */
  private static int nearestWeekday(LocalDate date, int length) {
    int day = date.getDayOfMonth();
    if (date.getDayOfWeek() == DayOfWeek.SATURDAY) {
      return day == 1 ? day + 2 : day - 1;
    }
    if (date.getDayOfWeek() == DayOfWeek.SUNDAY) {
      return day == length ? day - 2 : day + 1;
    }
    return day;
  }

  private int byWeekday(LocalDate first) {
    int length = first.lengthOfMonth();
    int weekday = first.getDayOfWeek().getValue() % 7 + 1;
    int mask = 0;
    for (int day = 1; day <= length; day++) {
      boolean meant =
          weekdays.values().get((weekday + day - 2) % 7 + 1)
              && (!weekdays.last() || day + 7 > length)
              && (weekdays.nth() == 0 || (day + 6) / 7 == weekdays.nth());
      mask |= meant ? 1 << day : 0;
    }
    return mask;
  }
}
