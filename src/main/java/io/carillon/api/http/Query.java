package io.carillon.api.http;

import io.carillon.spec.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query of one request. Readers collect every fault; {@link #done} throws them all together,
 * parameters that nobody asked for included. Not thread-safe.
 */
public final class Query {
  private static final String LABEL = "label.";
  private static final int MOST_LABELS = 10;
  private static final int LONGEST_VALUE = 2_000;

  private final Map<String, List<String>> values;
  private final Set<String> known = new HashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  public Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** A parameter that may be given once; null if it is absent or faulty. */
  public @Nullable String text(String name) {
    known.add(name);
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return null;
    }
    if (given.size() > 1) {
      fault(name, "parameter_repeated", name + " may be given once");
      return null;
    }
    if (given.get(0).isEmpty() || given.get(0).length() > LONGEST_VALUE) {
      fault(name, "parameter_invalid", name + " needs 1 to " + LONGEST_VALUE + " characters");
      return null;
    }
    return given.get(0);
  }

  /** A text that must be there. */
  public String required(String name) {
    String text = text(name);
    if (!values.containsKey(name)) {
      fault(name, "field_required", name + " is required");
    }
    return text == null ? "" : text;
  }

  public int integer(String name, int fallback, int least, int most) {
    String text = text(name);
    if (text == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as a number out of range is
    }
    fault(name, "parameter_invalid", name + " must be a whole number, " + least + " to " + most);
    return fallback;
  }

  public boolean flag(String name, boolean fallback) {
    String text = text(name);
    if (text == null) {
      return fallback;
    }
    if (!text.equals("true") && !text.equals("false")) {
      fault(name, "parameter_invalid", name + " must be true or false");
    }
    return text.equals("true");
  }

  /** An RFC 3339 instant. A plus sign that came as a blank is understood. */
  public @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      fault(name, isLocal(text) ? "at_zone_required" : "at_invalid", name + WANTS_INSTANT);
      return null;
    }
  }

  private static final String WANTS_INSTANT =
      " must be an RFC 3339 instant with Z or an offset, such as 2026-11-22T01:00:00Z";

  private static boolean isLocal(String text) {
    try {
      LocalDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Words of a closed set, in one parameter with commas or in several; empty if none is given. */
  public <E extends Enum<E>> Set<E> words(String name, Class<E> type) {
    known.add(name);
    Set<E> found = EnumSet.noneOf(type);
    for (String list : values.getOrDefault(name, List.of())) {
      for (String word : list.split(",", -1)) {
        try {
          found.add(Enum.valueOf(type, word));
        } catch (IllegalArgumentException e) {
          fault(name, "parameter_invalid", name + " takes " + names(type));
        }
      }
    }
    return found;
  }

  /** One word of a closed set. */
  public <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
    Set<E> found = words(name, type);
    if (found.size() > 1) {
      fault(name, "parameter_repeated", name + " may be given once");
    }
    return found.isEmpty() ? null : found.iterator().next();
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(" "));
  }

  /** All {@code label.<name>=<value>}. */
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String name : values.keySet()) {
      if (name.startsWith(LABEL) && name.length() > LABEL.length()) {
        labels.put(name.substring(LABEL.length()), required(name));
      }
    }
    if (labels.size() > MOST_LABELS) {
      fault("label", "parameter_invalid", "at most " + MOST_LABELS + " labels in one query");
    }
    return labels;
  }

  /** Throws 400 with every fault, if there is one. */
  public void done() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        fault(name, "parameter_unknown", "unknown; known are " + knownNames());
      }
    }
    doneWithOthers();
  }

  /** Throws 400 with every fault, if there is one; parameters that nobody asked for are ignored. */
  public void doneWithOthers() {
    values.forEach(
        (name, given) -> {
          if (given.isEmpty()) {
            fault(name, "parameter_invalid", "an escape that cannot be read");
          }
        });
    if (!faults.isEmpty()) {
      throw ProblemException.of(400, faults);
    }
  }

  private String knownNames() {
    return known.isEmpty() ? "none" : String.join(" ", known.stream().sorted().toList());
  }

  private void fault(String name, String code, String detail) {
    faults.add(new Fault("?" + name, code, detail));
  }
}
