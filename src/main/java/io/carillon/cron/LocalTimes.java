package io.carillon.cron;

import java.time.LocalDate;

/** The local times of one normalized cron text. Immutable, thread-safe; a microsecond a search. */
final class LocalTimes {
  private static final int YEARS_AHEAD = 100;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long FIRST_DAY = LocalDate.of(1900, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9899, 12, 31).toEpochDay();

  private final FieldSet seconds;
  private final FieldSet minutes;
  private final FieldSet hours;
  private final CronDays days;

  private LocalTimes(String[] fields) {
    seconds = FieldReader.read(CronField.SECOND, fields[0], false);
    minutes = FieldReader.read(CronField.MINUTE, fields[1], false);
    hours = FieldReader.read(CronField.HOUR, fields[2], false);
    FieldSet day = FieldReader.read(CronField.DAY_OF_MONTH, fields[3], false);
    FieldSet month = FieldReader.read(CronField.MONTH, fields[4], false);
    FieldSet weekday = FieldReader.read(CronField.DAY_OF_WEEK, fields[5], false);
    String years = fields.length > 6 ? fields[6] : "*";
    if (day.isOpen() == weekday.isOpen()) {
      throw new IllegalArgumentException("not exactly one day field is open");
    }
    days = new CronDays(day, month, weekday, FieldReader.read(CronField.YEAR, years, false));
  }

  /**
   * @throws IllegalArgumentException if the text is not normalized
   */
  static LocalTimes parse(String normalized) {
    String[] fields = normalized.split(" ");
    if (fields.length != 6 && fields.length != 7) {
      throw new IllegalArgumentException("not a normalized cron text: " + normalized);
    }
    try {
      return new LocalTimes(fields);
    } catch (CronFault | IllegalArgumentException e) {
      throw new IllegalArgumentException("not a normalized cron text: " + normalized, e);
    }
  }

  FieldSet seconds() {
    return seconds;
  }

  FieldSet minutes() {
    return minutes;
  }

  FieldSet hours() {
    return hours;
  }

  CronDays days() {
    return days;
  }

  /** As {@link LocalPattern#next}. */
  long next(long local) {
    long from = local + 1;
    long today = Math.floorDiv(from, DAY);
    if (today < FIRST_DAY || today > LAST_DAY) {
      return LocalPattern.NEVER;
    }
    long day = days.next(today, YEARS_AHEAD);
    if (day == today) {
      int time = time((int) (from - today * DAY));
      if (time >= 0) {
        return today * DAY + time;
      }
      day = days.next(today + 1, YEARS_AHEAD);
    }
    return day == LocalPattern.NEVER ? day : day * DAY + time(0);
  }

  /** The first second of the day at or after another; -1 if there is none. */
  private int time(int from) {
    for (int hour = hours.next(from / HOUR); hour >= 0; hour = hours.next(hour + 1)) {
      int start = Math.max(from, hour * HOUR);
      int minute = minutes.next(start / MINUTE % MINUTE);
      while (minute >= 0) {
        int at = Math.max(start, hour * HOUR + minute * MINUTE);
        int second = seconds.next(at % MINUTE);
        if (second >= 0) {
          return hour * HOUR + minute * MINUTE + second;
        }
        minute = minutes.next(minute + 1);
      }
    }
    return -1;
  }

  /** Whether any date at all matches, be it past. */
  boolean firesEver() {
    long first = LocalDate.of(CronField.YEAR.min, 1, 1).toEpochDay();
    return days.next(first, CronField.YEAR.max - CronField.YEAR.min) != LocalPattern.NEVER;
  }
}
