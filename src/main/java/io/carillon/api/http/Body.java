package io.carillon.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.spec.Faults;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a request's body and notes what is wrong with them. Null counts as absent; a
 * wrong value is noted and answered as absent, so that reading goes on and all faults are told
 * together. Not thread-safe.
 */
public final class Body {
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  private final ObjectNode object;
  private final Faults faults = new Faults();
  private final Set<String> known = new HashSet<>();

  public Body(ObjectNode object) {
    this.object = object;
  }

  public Faults faults() {
    return faults;
  }

  public void fault(String name, String code, String detail) {
    faults.add(pointer(name), code, detail);
  }

  public static String pointer(String name) {
    return Faults.child("", name);
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** The member as it is; null if it is absent. */
  public @Nullable JsonNode any(String name) {
    known.add(name);
    return has(name) ? object.get(name) : null;
  }

  /** Notes a member that has to be there and is not. */
  public void require(String name) {
    if (!has(name)) {
      fault(name, "field_required", "'" + name + "' is required");
    }
  }

  public @Nullable String text(String name) {
    JsonNode node = any(name);
    return node == null || !is(node.isTextual(), name, "a string") ? null : node.textValue();
  }

  public @Nullable BigDecimal number(String name) {
    JsonNode node = any(name);
    return node == null || !is(node.isNumber(), name, "a number") ? null : node.decimalValue();
  }

  /** A whole number in a range. */
  public @Nullable Integer integer(String name, int least, int most) {
    BigDecimal number = number(name);
    if (number == null) {
      return null;
    }
    boolean whole = number.stripTrailingZeros().scale() <= 0;
    if (!whole
        || number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      fault(name, "number_range", "'" + name + "' is a whole number, " + least + " to " + most);
      return null;
    }
    return number.intValueExact();
  }

  public boolean flag(String name) {
    JsonNode node = any(name);
    return node != null && is(node.isBoolean(), name, "true or false") && node.booleanValue();
  }

  public @Nullable ObjectNode object(String name) {
    JsonNode node = any(name);
    return node != null && is(node.isObject(), name, "an object") ? (ObjectNode) node : null;
  }

  /** An RFC 3339 instant, 1970 to the end of 9999. */
  public @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return within(name, OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      fault(
          name,
          isLocal(text) ? "at_zone_required" : "at_invalid",
          "'" + name + "' must be an instant with Z or an offset, such as 2026-11-22T01:00:00Z");
      return null;
    }
  }

  private @Nullable Instant within(String name, Instant instant) {
    if (instant.isBefore(Instant.EPOCH) || !instant.isBefore(YEAR_10000)) {
      fault(name, "at_out_of_range", "instants are from 1970 to the end of the year 9999");
      return null;
    }
    return instant;
  }

  static boolean isLocal(String text) {
    try {
      LocalDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Notes every member that nobody asked for. */
  public void refuseOthers() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                fault(
                    name,
                    "field_unknown",
                    "unknown; known are " + String.join(", ", known.stream().sorted().toList()));
              }
            });
  }

  /**
   * @throws ProblemException 422 with all faults, if there are any
   */
  public void done() {
    if (!faults.isEmpty()) {
      throw ProblemException.of(422, faults.list());
    }
  }

  private boolean is(boolean right, String name, String what) {
    if (!right) {
      fault(name, "json_type", "'" + name + "' must be " + what);
    }
    return right;
  }
}
