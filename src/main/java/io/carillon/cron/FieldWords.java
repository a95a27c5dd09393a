package io.carillon.cron;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/** Says the values of one field in plain English. Stateless. */
final class FieldWords {
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
  private static final String WEEKDAY = "weekday (Monday to Friday)";

  private FieldWords() {}

  /** "minute 5", "minutes 0 to 10 and 30", "every 7th minute from 3". */
  static String of(FieldSet set) {
    List<String> plain = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String element : set.text().split(",")) {
      if (element.matches("[0-9]+(-[0-9]+)?")) {
        plain.add(element.replace("-", " to "));
      } else if (element.contains("/")) {
        others.add(step(set.field(), element));
      } else {
        others.add(special(element));
      }
    }
    if (!plain.isEmpty()) {
      boolean one = plain.size() == 1 && !plain.get(0).contains(" ");
      others.add(0, title(set.field()) + (one ? " " : "s ") + plain.get(0));
      others.addAll(1, plain.subList(1, plain.size()));
    }
    return join(others);
  }

  private static String title(CronField field) {
    return field == CronField.DAY_OF_MONTH ? "day" : field.title;
  }

  private static String step(CronField field, String element) {
    String[] parts = element.split("/");
    String by = parts[1].equals("1") ? "every " : "every " + ordinal(parts[1]) + " ";
    String from = parts[0].equals("*") ? "" : " from " + parts[0].replace("-", " to ");
    return by + title(field) + from;
  }

  private static String special(String element) {
    boolean weekday = element.endsWith("W");
    String day = weekday ? element.substring(0, element.length() - 1) : element;
    if (day.equals("L")) {
      return weekday ? "the last " + WEEKDAY : "the last day";
    }
    String meant = day.startsWith("L-") ? before(day.substring(2)) : "day " + day;
    return weekday ? "the " + WEEKDAY + " nearest to " + meant : meant;
  }

  private static String before(String days) {
    return "the day " + days + (days.equals("1") ? " day" : " days") + " before the last";
  }

  /** "Monday to Friday", "the last Friday of the month". */
  static String weekdays(FieldSet set) {
    String first = DAYS.get(set.first() - 1);
    if (set.last()) {
      return "the last " + first + " of the month";
    }
    if (set.nth() > 0) {
      return "the " + NTH.get(set.nth() - 1) + " " + first + " of the month";
    }
    // A week is told from Monday.
    return names(set.values(), 2, 7, value -> DAYS.get(value - 1));
  }

  static String months(FieldSet set) {
    return names(set.values(), 1, 12, value -> MONTHS.get(value - 1));
  }

  /** Names in a circle of values from 1; three and more neighbours as a range. */
  private static String names(BitSet values, int first, int size, IntFunction<String> name) {
    int count = values.cardinality();
    for (int start = 1; start <= size && count > 2; start++) {
      int run = 0;
      while (run < size && values.get(around(start + run, size))) {
        run++;
      }
      if (run == count) {
        return name.apply(start) + " to " + name.apply(around(start + count - 1, size));
      }
    }
    List<String> names = new ArrayList<>();
    for (int n = 0; n < size; n++) {
      int value = around(first + n, size);
      if (values.get(value)) {
        names.add(name.apply(value));
      }
    }
    return join(names);
  }

  private static int around(int value, int size) {
    return (value - 1) % size + 1;
  }

  static String join(List<String> parts) {
    int last = parts.size() - 1;
    return last < 1
        ? parts.get(0)
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  private static String ordinal(String number) {
    int tens = Integer.parseInt(number) % 100;
    String end =
        tens / 10 == 1
            ? "th"
            : switch (tens % 10) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return number + end;
  }
}
