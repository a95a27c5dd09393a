package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object and notes what is wrong with them. Null counts as absent. A wrong
 * value is noted and then answered as absent, so reading goes on. Not thread-safe.
 */
public final class Fields {
  /** Suggestions cost time, and after so many faults nobody needs them. */
  private static final int MOST_HINTS = 50;

  private final ObjectNode object;
  private final String pointer;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();

  public Fields(ObjectNode object, String pointer, Faults faults) {
    this.object = object;
    this.pointer = pointer;
    this.faults = faults;
  }

  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "a number";
      case OBJECT -> "an object";
      case STRING -> "a string";
      default -> "null";
    };
  }

  public Faults faults() {
    return faults;
  }

  public String pointer(String name) {
    return Faults.child(pointer, name);
  }

  public void fault(String name, String code, String detail) {
    faults.add(pointer(name), code, detail);
  }

  public void required(String name) {
    fault(name, "field_required", "'" + name + "' is required");
  }

  /** Takes names as known without reading them. */
  void know(Collection<String> names) {
    known.addAll(names);
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** The member itself; null if it is absent or null. */
  public @Nullable JsonNode any(String name) {
    known.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  public @Nullable String text(String name) {
    JsonNode node = any(name);
    return node == null || isOf(name, node, node.isTextual(), "a string") ? text(node) : null;
  }

  public @Nullable Boolean flag(String name) {
    JsonNode node = any(name);
    if (node == null || !isOf(name, node, node.isBoolean(), "true or false")) {
      return null;
    }
    return node.booleanValue();
  }

  /** A whole number within bounds. */
  public @Nullable Integer integer(String name, int min, int max, String code) {
    JsonNode node = any(name);
    if (node == null || !isOf(name, node, node.isIntegralNumber(), "a whole number")) {
      return null;
    }
    if (!node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
      fault(name, code, "'" + name + "' must be from " + min + " to " + max);
      return null;
    }
    return node.intValue();
  }

  /** A number within bounds. */
  @Nullable Double number(String name, double min, double max, String code) {
    JsonNode node = any(name);
    if (node == null || !isOf(name, node, node.isNumber(), "a number")) {
      return null;
    }
    double value = node.doubleValue();
    if (!(value >= min && value <= max)) {
      fault(
          name,
          code,
          "'" + name + "' must be from " + Values.plain(min) + " to " + Values.plain(max));
      return null;
    }
    return value;
  }

  /** A duration within bounds, whole milliseconds. */
  @Nullable Duration duration(String name, Duration min, Duration max, String code) {
    JsonNode node = any(name);
    if (node == null) {
      return null;
    }
    Duration value;
    if (node.isNumber() && isOutside(node.decimalValue(), min, max)) {
      value = null; // out of range in any unit: say so rather than complain of the type
    } else if (!isOf(name, node, node.isTextual(), "an ISO 8601 duration such as \"PT30S\"")) {
      return null;
    } else {
      if (!Durations.isDuration(node.textValue())) {
        fault(name, "duration_invalid", "'" + name + "' is not an ISO 8601 duration such as PT30S");
        return null;
      }
      value = Durations.parse(node.textValue());
    }
    if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      fault(name, code, "'" + name + "' must be from " + min + " to " + max);
      return null;
    }
    return value;
  }

  private static boolean isOutside(BigDecimal number, Duration min, Duration max) {
    return number.compareTo(BigDecimal.valueOf(Math.max(min.toSeconds(), min.isZero() ? 0 : 1))) < 0
        || number.compareTo(BigDecimal.valueOf(max.toSeconds())) > 0;
  }

  /** One of the names of an enum. */
  <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(text)) {
        return value;
      }
      names.add(value.name());
    }
    unknownValue(name, text, names);
    return null;
  }

  public void unknownValue(String name, String text, Collection<String> names) {
    fault(
        name,
        "value_unknown",
        "'"
            + shown(text)
            + "' is not one of "
            + String.join(" ", names)
            + Nearest.hint(text, names));
  }

  /** The members of an object; null if it is absent or something else. */
  @Nullable Fields fields(String name) {
    ObjectNode node = object(name);
    return node == null ? null : new Fields(node, pointer(name), faults);
  }

  public @Nullable ObjectNode object(String name) {
    JsonNode node = any(name);
    return node != null && isOf(name, node, node.isObject(), "an object")
        ? (ObjectNode) node
        : null;
  }

  /** The items of an array; null if it is absent, something else or too long. */
  public @Nullable ArrayNode array(String name, int most) {
    JsonNode node = any(name);
    if (node == null || !isOf(name, node, node.isArray(), "an array")) {
      return null;
    }
    if (node.size() > most) {
      fault(name, "list_too_long", node.size() + " items; at most " + most);
      return null;
    }
    return (ArrayNode) node;
  }

  /** The strings of an array; others are noted and left out. */
  public @Nullable List<String> texts(String name, int most) {
    ArrayNode items = array(name, most);
    if (items == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (isOf(name + "/" + i, items.get(i), items.get(i).isTextual(), "a string")) {
        texts.add(items.get(i).textValue());
      }
    }
    return texts;
  }

  /** Notes every member that nobody asked for. */
  public void end() {
    for (String name : (Iterable<String>) object::fieldNames) {
      if (!known.contains(name)) {
        String hint = faults.count() < MOST_HINTS ? Nearest.hint(name, known) : "";
        fault(name, "field_unknown", "no field is called '" + shown(name) + "' here" + hint);
      }
    }
  }

  private boolean isOf(String path, JsonNode node, boolean fits, String wanted) {
    if (!fits) {
      String name = path.contains("/") ? "an item" : "'" + path + "'";
      String place = path.contains("/") ? pointer + "/" + path : pointer(path);
      faults.add(place, "json_type", name + " must be " + wanted + ", not " + kind(node));
    }
    return fits;
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.textValue();
  }

  public static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
