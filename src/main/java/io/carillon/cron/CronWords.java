package io.carillon.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says a normalized cron text, also a union, in plain English. Stateless. */
public final class CronWords {
  /** More times of the day than these are told field by field. */
  private static final int MOST_CLOCK_TIMES = 4;

  private CronWords() {}

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it; any other text is answered as
   *     it is
   */
  public static String describe(String normalized) {
    int or = normalized.indexOf(CronPattern.OR);
    String text = or < 0 ? normalized : normalized.substring(0, or);
    try {
      List<FieldSet> sets = sets(text);
      String days = days(sets);
      if (or >= 0) {
        days += " or" + days(sets(normalized.substring(or + CronPattern.OR.length())));
      }
      String time = time(sets.get(0), sets.get(1), sets.get(2));
      boolean daily = days.isEmpty() && time.matches("at [0-9]{2}:.*");
      return time + (daily ? " every day" : days) + months(sets.get(4)) + years(sets.get(6));
    } catch (CronFault e) {
      return normalized;
    }
  }

  private static List<FieldSet> sets(String text) {
    String[] fields = text.split(" ");
    if (fields.length != 6 && fields.length != 7) {
      throw new CronFault("cron_fields", text);
    }
    List<FieldSet> sets = new ArrayList<>();
    for (CronField field : CronField.values()) {
      String said = field.ordinal() < fields.length ? fields[field.ordinal()] : "*";
      sets.add(FieldReader.read(field, said, false));
    }
    return sets;
  }

  /** The weekdays of a field by their three-letter names, ranges folded. */
  static String days(FieldSet weekdays) {
    if (weekdays.last() || weekdays.nth() > 0) {
      String name = CronField.DAY_OF_WEEK.name(weekdays.first());
      return weekdays.last() ? "the last " + name : name + "#" + weekdays.nth();
    }
    List<String> names = new ArrayList<>();
    weekdays.values().stream().forEach(day -> names.add(CronField.DAY_OF_WEEK.name(day)));
    int from = weekdays.first();
    int length = names.size();
    boolean run = length > 2 && weekdays.values().nextClearBit(from) == from + length;
    return run ? names.get(0) + "-" + names.get(length - 1) : String.join(",", names);
  }

  private static String time(FieldSet second, FieldSet minute, FieldSet hour) {
    List<String> clock = clock(second, minute, hour);
    if (!clock.isEmpty()) {
      return "at " + FieldWords.join(clock);
    }
    if (!second.text().equals("0")) {
      boolean even = second.isStar() || evenStep(second) > 0;
      String said = even ? "every " + count(second) : "at " + FieldWords.of(second);
      return minute.isStar()
          ? said + (even ? "" : " of every minute") + hours(hour, "")
          : said + " of " + FieldWords.of(minute) + hours(hour, " of every hour");
    }
    if (minute.isStar() || evenStep(minute) > 0) {
      return "every " + count(minute) + hours(hour, "");
    }
    if (!minute.text().matches("[0-9]+")) {
      return "at " + FieldWords.of(minute) + hours(hour, " of every hour");
    }
    String at = minute.text().equals("0") ? "" : " at minute " + minute.text();
    if (hour.isStar() || evenStep(hour) > 0) {
      return "every " + count(hour) + at;
    }
    return isRange(hour)
        ? "every hour" + at + hours(hour, "")
        : "at minute " + minute.text() + hours(hour, "");
  }

  /** Times of the day one by one, if they are few and written so; else none. */
  private static List<String> clock(FieldSet second, FieldSet minute, FieldSet hour) {
    List<String> times = new ArrayList<>();
    int count = 1;
    for (FieldSet set : List.of(second, minute, hour)) {
      count *= set.text().matches("[0-9]+(,[0-9]+)*") ? set.values().cardinality() : 1_000;
    }
    if (count <= MOST_CLOCK_TIMES) {
      hour.values().stream()
          .forEach(
              h ->
                  minute.values().stream()
                      .forEach(
                          m -> second.values().stream().forEach(s -> times.add(clock(h, m, s)))));
    }
    return times;
  }

  private static String clock(int hour, int minute, int second) {
    String text = String.format(Locale.ROOT, "%02d:%02d", hour, minute);
    return second == 0 ? text : text + String.format(Locale.ROOT, ":%02d", second);
  }

  private static String hours(FieldSet hour, String ifAny) {
    if (hour.isStar()) {
      return ifAny;
    }
    if (isRange(hour)) {
      String[] ends = hour.text().split("-");
      return String.format(
          Locale.ROOT,
          " from %02d to %02d o'clock",
          Integer.parseInt(ends[0]),
          Integer.parseInt(ends[1]));
    }
    return " in " + FieldWords.of(hour);
  }

  private static boolean isRange(FieldSet set) {
    return set.text().matches("[0-9]+-[0-9]+");
  }

  /** "minute", "15 minutes". */
  private static String count(FieldSet set) {
    int step = evenStep(set);
    return step < 2 ? set.field().title : step + " " + set.field().title + "s";
  }

  /** The step of a field that divides its whole range evenly from its start; else 0. */
  private static int evenStep(FieldSet set) {
    if (!set.text().matches("(\\*|0)/[0-9]+")) {
      return 0;
    }
    int step = Integer.parseInt(set.text().substring(2));
    return (set.field().max + 1) % step == 0 ? step : 0;
  }

  /** Empty if it is any day. */
  private static String days(List<FieldSet> sets) {
    FieldSet day = sets.get(3);
    FieldSet weekday = sets.get(5);
    if (!weekday.isFree()) {
      return weekday.values().cardinality() == 7 ? "" : " on " + FieldWords.weekdays(weekday);
    }
    return day.isFree() ? "" : " on " + FieldWords.of(day) + " of the month";
  }

  private static String months(FieldSet set) {
    return set.isStar() ? "" : " in " + FieldWords.months(set);
  }

  private static String years(FieldSet set) {
    return set.isStar() ? "" : " in " + FieldWords.of(set).replaceFirst("^years? ", "");
  }
}
