package io.carillon.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says a normalized cron text in plain English. Common shapes only; any other is answered as it is.
 * Stateless.
 */
public final class CronWords {
  private static final List<String> DAYS =
      List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> NTH = List.of("first", "second", "third", "fourth", "fifth");

  private CronWords() {}

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it
   */
  public static String describe(String normalized) {
    String[] fields = normalized.split(" ");
    if (fields.length < 6) {
      return normalized;
    }
    try {
      String time = time(fields[0], fields[1], fields[2]);
      String day = day(fields[3], fields[5], time.startsWith("at "));
      if (time.isEmpty() || day == null) {
        return normalized;
      }
      String month = fields[4].equals("*") ? "" : " in " + months(fields[4]);
      String year = fields.length < 7 || fields[6].equals("*") ? "" : " in " + fields[6];
      return time + day + month + year;
    } catch (CronFault e) {
      return normalized;
    }
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

  private static String time(String second, String minute, String hour) {
    if (isNumber(second) && isNumber(minute) && isNumber(hour)) {
      return "at " + clock(hour, minute, second);
    }
    if (second.equals("*") && minute.equals("*") && hour.equals("*")) {
      return "every second";
    }
    if (minute.equals("*") && hour.equals("*")) {
      String step = step(second);
      return !step.isEmpty()
          ? "every " + step + " seconds"
          : second.equals("0") ? "every minute" : "";
    }
    if (!second.equals("0")) {
      return "";
    }
    String hours = hour.equals("*") ? "" : span(hour);
    if (hours == null) {
      return "";
    }
    String step = step(minute);
    if (minute.equals("*")) {
      return "every minute" + hours;
    }
    if (!step.isEmpty()) {
      return "every " + step + " minutes" + hours;
    }
    if (isNumber(minute)) {
      String every = step(hour);
      if (!every.isEmpty()) {
        return "every " + every + " hours at minute " + minute;
      }
      return (minute.equals("0") ? "every hour" : "every hour at minute " + minute) + hours;
    }
    return "";
  }

  /** The hours of a range; null if it is none. */
  private static @Nullable String span(String hour) {
    String[] ends = hour.split("-");
    if (!step(hour).isEmpty()) {
      return "";
    }
    return ends.length == 2 && isNumber(ends[0]) && isNumber(ends[1])
        ? String.format(Locale.ROOT, " from %02d to %02d o'clock", number(ends[0]), number(ends[1]))
        : null;
  }

  /** Null if there are no words for it. */
  private static @Nullable String day(String day, String weekday, boolean once) {
    if (weekday.equals("?") || weekday.equals("*")) {
      if (day.equals("*") || day.equals("?")) {
        return once ? " every day" : "";
      }
      if (day.equals("L")) {
        return " on the last day of the month";
      }
      if (day.equals("LW")) {
        return " on the last weekday (Monday to Friday) of the month";
      }
      return day.chars().allMatch(c -> c >= '0' && c <= '9' || c == ',' || c == '-')
          ? " on day " + day + " of the month"
          : null;
    }
    FieldSet set = FieldReader.read(CronField.DAY_OF_WEEK, weekday, false);
    if (set.last()) {
      return " on the last " + DAYS.get(set.first() - 1) + " of the month";
    }
    if (set.nth() > 0) {
      return " on the "
          + NTH.get(set.nth() - 1)
          + " "
          + DAYS.get(set.first() - 1)
          + " of the month";
    }
    List<String> names = new ArrayList<>();
    set.values().stream().forEach(value -> names.add(DAYS.get(value - 1)));
    return days(set).equals("MON-FRI") ? " on Monday to Friday" : " on " + String.join(", ", names);
  }

  private static String months(String text) {
    FieldSet set = FieldReader.read(CronField.MONTH, text, false);
    List<String> names = new ArrayList<>();
    set.values().stream().forEach(value -> names.add(MONTHS.get(value - 1)));
    return String.join(", ", names);
  }

  /** The step of a field that covers its whole range evenly from its start; else empty. */
  private static String step(String field) {
    return field.matches("(\\*|0)/[0-9]+") ? field.substring(2) : "";
  }

  private static String clock(String hour, String minute, String second) {
    String text = String.format(Locale.ROOT, "%02d:%02d", number(hour), number(minute));
    return second.equals("0") ? text : text + String.format(Locale.ROOT, ":%02d", number(second));
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,2}");
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
