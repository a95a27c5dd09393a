package io.carillon.spec;

import java.time.DayOfWeek;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Days of the week by their three-letter names. Stateless. */
public final class Weekdays {
  static final List<String> NAMES = Stream.of(DayOfWeek.values()).map(Weekdays::name).toList();

  private Weekdays() {}

  /** Such as {@code MON}. */
  public static String name(DayOfWeek day) {
    return day.name().substring(0, 3);
  }

  /** The day of a name, which is in capitals. */
  public static Optional<DayOfWeek> of(String name) {
    int index = NAMES.indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(DayOfWeek.of(index + 1));
  }

  /**
   * @throws IllegalArgumentException if one is no such name
   */
  public static Set<DayOfWeek> all(Collection<String> names) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String name : names) {
      days.add(of(name).orElseThrow(() -> new IllegalArgumentException("weekday")));
    }
    return days;
  }

  /** Reads an array of names; null if it is absent. What is wrong is noted and left out. */
  public static @Nullable Set<DayOfWeek> read(Fields fields, String field) {
    List<String> texts = fields.texts(field, NAMES.size());
    if (texts == null) {
      return null;
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (int i = 0; i < texts.size(); i++) {
      Optional<DayOfWeek> day = of(texts.get(i));
      if (day.isPresent()) {
        days.add(day.get());
      } else {
        fields
            .faults()
            .add(
                fields.pointer(field) + "/" + i,
                "value_unknown",
                "'"
                    + Fields.shown(texts.get(i))
                    + "' is not one of "
                    + String.join(" ", NAMES)
                    + Nearest.hint(texts.get(i), NAMES));
      }
    }
    return days;
  }
}
