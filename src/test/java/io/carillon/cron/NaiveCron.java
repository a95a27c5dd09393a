package io.carillon.cron;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tells of a single local time whether a normalized text means it, by looking at the text alone.
 * The plain meaning of each sign, without any search; the opposite of what it checks.
 */
final class NaiveCron {
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final String[] fields;

  NaiveCron(String text) {
    fields = text.split(" ");
  }

  /** The seconds of a day, in order, that its time fields mean. */
  int[] timesOfDay() {
    boolean[] seconds = meant(0, 60);
    boolean[] minutes = meant(1, 60);
    boolean[] hours = meant(2, 24);
    return IntStream.range(0, 86_400)
        .filter(at -> seconds[at % 60] && minutes[at / 60 % 60] && hours[at / 3_600])
        .toArray();
  }

  private boolean[] meant(int field, int size) {
    boolean[] meant = new boolean[size];
    for (int value = 0; value < size; value++) {
      meant[value] = within(fields[field], value, 0, size - 1);
    }
    return meant;
  }

  boolean means(LocalDate day) {
    return within(fields[4], day.getMonthValue(), 1, 12)
        && (fields.length < 7 || within(fields[6], day.getYear(), 1970, 2299))
        && (fields[5].equals("?") ? meansDayOfMonth(day) : meansWeekday(day));
  }

  private boolean meansDayOfMonth(LocalDate day) {
    for (String element : fields[3].split(",")) {
      boolean special = element.contains("L") || element.contains("W");
      if (special ? special(element, day) : within(element, day.getDayOfMonth(), 1, 31)) {
        return true;
      }
    }
    return false;
  }

  private static boolean special(String element, LocalDate day) {
    String number = element.replaceAll("[^0-9]", "");
    int length = day.lengthOfMonth();
    int meant =
        element.startsWith("L")
            ? length - (number.isEmpty() ? 0 : Integer.parseInt(number))
            : Integer.parseInt(number);
    if (meant < 1 || meant > length) {
      return false;
    }
    LocalDate found = day.withDayOfMonth(meant);
    if (element.endsWith("W") && found.getDayOfWeek() == DayOfWeek.SATURDAY) {
      found = meant == 1 ? found.plusDays(2) : found.minusDays(1);
    } else if (element.endsWith("W") && found.getDayOfWeek() == DayOfWeek.SUNDAY) {
      found = meant == length ? found.minusDays(2) : found.plusDays(1);
    }
    return found.equals(day);
  }

  private boolean meansWeekday(LocalDate day) {
    int weekday = day.getDayOfWeek().getValue() % 7 + 1;
    String field = fields[5];
    int hash = field.indexOf('#');
    if (hash > 0) {
      return within(field.substring(0, hash), weekday, 1, 7)
          && (day.getDayOfMonth() + 6) / 7 == Integer.parseInt(field.substring(hash + 1));
    }
    if (field.length() > 1 && field.endsWith("L")) {
      return within(field.substring(0, field.length() - 1), weekday, 1, 7)
          && day.getDayOfMonth() + 7 > day.lengthOfMonth();
    }
    return within(field, weekday, 1, 7);
  }

  /** The rule of decision 23 for a change that touches these hours. */
  boolean repeats(Set<Integer> changed) {
    List<Integer> covered =
        changed.stream().filter(hour -> within(fields[2], hour, 0, 23)).toList();
    if (covered.isEmpty()) {
      return false;
    }
    if (count(fields[0], 60) > 1 || count(fields[1], 60) > 1) {
      return true;
    }
    for (String element : fields[2].split(",")) {
      if (count(element, 24) > 1
          && covered.stream().anyMatch(hour -> within(element, hour, 0, 23))) {
        return true;
      }
    }
    return covered.stream()
        .anyMatch(
            hour ->
                within(fields[2], (hour + 1) % 24, 0, 23)
                    || within(fields[2], (hour + 23) % 24, 0, 23));
  }

  private static long count(String field, int size) {
    return IntStream.range(0, size).filter(value -> within(field, value, 0, size - 1)).count();
  }

  private static boolean within(String field, int value, int min, int max) {
    List<Boolean> found = new ArrayList<>();
    for (String element : field.split(",")) {
      found.add(element(element, value, min, max));
    }
    return found.contains(true);
  }

  private static boolean element(String element, int value, int min, int max) {
    String[] stepped = element.split("/");
    int step = stepped.length > 1 ? Integer.parseInt(stepped[1]) : 1;
    if (stepped[0].equals("*")) {
      return (value - min) % step == 0;
    }
    String[] ends = stepped[0].split("-");
    int from = number(ends[0]);
    int to = ends.length > 1 ? number(ends[1]) : stepped.length > 1 ? max : from;
    int size = max - min + 1;
    int offset = Math.floorMod(value - from, size);
    return offset <= Math.floorMod(to - from, size) && offset % step == 0;
  }

  private static int number(String text) {
    return MONTHS.contains(text)
        ? MONTHS.indexOf(text) + 1
        : DAYS.contains(text) ? DAYS.indexOf(text) + 1 : Integer.parseInt(text);
  }
}
