package io.carillon.cron;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field. Not thread-safe; used for one field and thrown away. Stricter than Quartz, which
 * stops reading an element where it no longer understands it.
 */
final class FieldReader {
  private static final Pattern STAR = Pattern.compile("\\*?/([0-9]{1,4})");
  private static final Pattern RANGE =
      Pattern.compile("([0-9]{1,4}|[A-Z]{3})(?:-([0-9]{1,4}|[A-Z]{3}))?(?:/([0-9]{1,4}))?");
  private static final Pattern LAST_DAY = Pattern.compile("L(?:-([0-9]{1,2}))?(W)?");
  private static final Pattern NEAREST = Pattern.compile("([0-9]{1,2})W");
  private static final Pattern LAST_OF_WEEK = Pattern.compile("([0-9]|[A-Z]{3})L");
  private static final Pattern NTH = Pattern.compile("([0-9]|[A-Z]{3})#([0-9]{1,2})");

  private final CronField field;
  private final boolean unix;
  private final BitSet values = new BitSet();
  private final BitSet lastOffsets = new BitSet();
  private final BitSet weekdays = new BitSet();
  private final BitSet lastWeekdays = new BitSet();
  private int nth;
  private boolean last;
  private boolean numbered;

  private FieldReader(CronField field, boolean unix) {
    this.field = field;
    this.unix = unix && field == CronField.DAY_OF_WEEK;
  }

  /**
   * @param text upper case, without blanks
   * @param unix whether weekday numbers are Unix's
   */
  static FieldSet read(CronField field, String text, boolean unix) {
    return new FieldReader(field, unix).read(text);
  }

  private FieldSet read(String text) {
    String normalized;
    if (text.equals("?")) {
      if (!field.isDay()) {
        throw fault("'?' has a meaning only in the two day fields");
      }
      normalized = text;
    } else {
      List<String> said = new ArrayList<>();
      String[] elements = text.split(",", -1);
      boolean star = false;
      for (String element : elements) {
        star |= element.equals("*");
        said.add(element(element, elements.length == 1));
      }
      normalized = star ? "*" : String.join(",", said);
    }
    return new FieldSet(
        field, normalized, values, lastOffsets, weekdays, lastWeekdays, nth, last, numbered);
  }

  private String element(String text, boolean alone) {
    if (text.isEmpty()) {
      throw fault("an element of the list is empty");
    }
    if (text.equals("*")) {
      values.set(field.min, field.max + 1);
      return text;
    }
    Matcher star = STAR.matcher(text);
    if (star.matches()) {
      int step = step(star.group(1));
      fill(field.min, field.max, step);
      return "*/" + step;
    }
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      return range(range);
    }
    return field == CronField.DAY_OF_MONTH
        ? specialDay(text)
        : specialWeekday(text, field == CronField.DAY_OF_WEEK, alone);
  }

  private String range(Matcher range) {
    String from = range.group(1);
    String to = range.group(2);
    String step = range.group(3);
    int low = number(from);
    int high = to == null ? (step == null ? low : topFor(low)) : number(to);
    int by = step == null ? 1 : step(step);
    if (high < low && field == CronField.YEAR) {
      throw fault("the range of years ends before it begins");
    }
    if (unix) {
      return unixDays(low, high, to, by, step != null);
    }
    fill(low, high, by);
    boolean named = isName(from) && (to == null || isName(to));
    if (named && step == null) {
      return to == null ? from : from + "-" + to;
    }
    numbered |= !isName(from) || (to != null && !isName(to));
    String text = to == null ? Integer.toString(low) : low + "-" + high;
    return step == null ? text : text + "/" + by;
  }

  /** Unix weekdays as names, since Quartz's numbers are others. */
  private String unixDays(int low, int high, @Nullable String to, int by, boolean stepped) {
    int top = high < low ? high + 7 : high;
    List<String> names = new ArrayList<>();
    for (int day = low; day <= top; day += by) {
      int value = day % 7 + 1;
      if (!values.get(value) || !stepped) {
        names.add(field.name(value));
      }
      values.set(value);
    }
    if (stepped || to == null) {
      return String.join(",", names);
    }
    return top - low >= 7 ? "SUN-SAT" : names.get(0) + "-" + names.get(names.size() - 1);
  }

  private int topFor(int low) {
    return unix ? Math.max(low, 6) : field.max;
  }

  private String specialDay(String text) {
    Matcher lastDay = LAST_DAY.matcher(text);
    if (lastDay.matches()) {
      String offsetText = lastDay.group(1);
      int offset = offsetText == null ? 0 : Integer.parseInt(offsetText);
      if (offset > 30) {
        throw fault("'" + text + "' goes back more than 30 days from the last of the month");
      }
      boolean weekday = lastDay.group(2) != null;
      (weekday ? lastWeekdays : lastOffsets).set(offset);
      return (offset == 0 ? "L" : "L-" + offset) + (weekday ? "W" : "");
    }
    Matcher nearest = NEAREST.matcher(text);
    if (nearest.matches()) {
      int day = number(nearest.group(1));
      weekdays.set(day);
      return day + "W";
    }
    throw unexpected(text);
  }

  private String specialWeekday(String text, boolean weekday, boolean alone) {
    if (!weekday) {
      throw unexpected(text);
    }
    if (text.equals("L")) {
      values.set(7);
      return "SAT";
    }
    Matcher lastOne = LAST_OF_WEEK.matcher(text);
    Matcher nthOne = NTH.matcher(text);
    String day;
    if (lastOne.matches()) {
      day = lastOne.group(1);
      last = true;
    } else if (nthOne.matches()) {
      day = nthOne.group(1);
      nth = Integer.parseInt(nthOne.group(2));
      if (nth < 1 || nth > 5) {
        throw fault("'" + text + "': a month has a first to a fifth of each weekday");
      }
    } else {
      throw unexpected(text);
    }
    if (!alone) {
      throw fault("'" + text + "' cannot be part of a list");
    }
    int value = unix ? number(day) % 7 + 1 : number(day);
    values.set(value);
    numbered |= !unix && !isName(day);
    return last ? value + "L" : (unix || isName(day) ? field.name(value) : value) + "#" + nth;
  }

  /** A value as its author counts: Unix weekdays are 0–7. */
  private int number(String text) {
    if (isName(text)) {
      int index = field.names.indexOf(text);
      if (index < 0) {
        throw fault("'" + text + "' is not the name of a " + field.title);
      }
      return unix ? index : field.min + index;
    }
    int value = Integer.parseInt(text);
    int min = unix ? 0 : field.min;
    if (value < min || value > field.max) {
      throw fault(value + " is not " + article() + ": " + min + " to " + field.max);
    }
    return value;
  }

  private int step(String text) {
    int step = Integer.parseInt(text);
    if (step < 1 || step > field.longestStep) {
      throw fault("step " + step + " is not within 1 to " + field.longestStep);
    }
    return step;
  }

  private void fill(int low, int high, int by) {
    int span = field.max - field.min + 1;
    int top = high < low ? high + span : high;
    for (int value = low; value <= top; value += by) {
      values.set(value > field.max ? value - span : value);
    }
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && text.charAt(0) >= 'A';
  }

  private String article() {
    return (field == CronField.HOUR ? "an " : "a ") + field.title;
  }

  private CronFault unexpected(String text) {
    return fault("'" + text + "' has no meaning as " + article());
  }

  private CronFault fault(String detail) {
    return CronFault.of(field, detail);
  }
}
