package io.carillon.cron;

import java.util.BitSet;

/**
 * The values of one field, and how it is said in Quartz's form.
 *
 * @param field which one
 * @param text normalized; what Quartz reads as exactly these values
 * @param values plain values
 * @param lastOffsets of a day of month: days before the month's last ({@code L} is 0)
 * @param weekdays of a day of month: nearest weekday to these days ({@code 15W})
 * @param lastWeekdays of a day of month: nearest weekday to days before the last ({@code LW} is 0)
 * @param nth of a day of week: which one of the month ({@code #}); 0 is any
 * @param last of a day of week: the month's last ({@code 6L})
 * @param numbered of a day of week: said in numbers rather than names
 */
record FieldSet(
    CronField field,
    String text,
    BitSet values,
    BitSet lastOffsets,
    BitSet weekdays,
    BitSet lastWeekdays,
    int nth,
    boolean last,
    boolean numbered) {

  boolean isOpen() {
    return text.equals("?");
  }

  boolean isStar() {
    return text.equals("*");
  }

  /** Whether it leaves its day free, one way or the other. */
  boolean isFree() {
    return isOpen() || isStar();
  }

  /** The smallest value at or after {@code from}; -1 if there is none. */
  int next(int from) {
    return values.nextSetBit(from);
  }

  int first() {
    return values.nextSetBit(0);
  }
}
