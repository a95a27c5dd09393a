package io.carillon.breaker;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one process has counted of one host. Immutable.
 *
 * @param events rises with what the process counted of the host
 * @param seconds by second since 1970
 * @param lastAnswer when a call was answered last; null if none was
 * @param failures when the calls after that failed, in order; the last few only
 */
record Counted(
    long events,
    SortedMap<Long, Ends> seconds,
    @Nullable Instant lastAnswer,
    List<Instant> failures) {

  /** How many calls ended within a second, and how. */
  record Ends(int answers, int failures) {
    Ends and(Ends others) {
      return new Ends(answers + others.answers, failures + others.failures);
    }
  }

  Counted {
    failures = List.copyOf(failures);
  }

  /** All that is counted of answers and failures. */
  Ends total() {
    return seconds.values().stream().reduce(new Ends(0, 0), Ends::and);
  }

  /** {@code second:answers/failures,… | answered | failed,…}, as the table holds it. */
  String text() {
    return seconds.entrySet().stream()
            .map(
                second ->
                    second.getKey()
                        + ":"
                        + second.getValue().answers()
                        + "/"
                        + second.getValue().failures())
            .collect(Collectors.joining(","))
        + "|"
        + (lastAnswer == null ? "" : lastAnswer.toEpochMilli())
        + "|"
        + failures.stream()
            .map(failure -> Long.toString(failure.toEpochMilli()))
            .collect(Collectors.joining(","));
  }

  /**
   * Reads it again.
   *
   * @param events as it was
   * @throws IllegalArgumentException if it is none
   */
  static Counted parse(long events, String text) {
    String[] parts = text.split("\\|", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a count: " + text);
    }
    SortedMap<Long, Ends> seconds = new TreeMap<>();
    for (String second : list(parts[0])) {
      String[] numbers = second.split("[:/]", -1);
      if (numbers.length != 3) {
        throw new IllegalArgumentException("not a count: " + text);
      }
      seconds.put(
          Long.parseLong(numbers[0]),
          new Ends(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2])));
    }
    return new Counted(
        events,
        seconds,
        parts[1].isEmpty() ? null : instant(parts[1]),
        list(parts[2]).stream().map(Counted::instant).toList());
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  private static Instant instant(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }
}
