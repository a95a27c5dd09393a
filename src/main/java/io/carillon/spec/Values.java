package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes between trees and plain values: maps, lists, strings, booleans, Integer, Long, BigInteger
 * (the smallest that fits), BigDecimal, null. The order of maps is kept. Stateless.
 */
public final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Values() {}

  /** An immutable value. */
  public static @Nullable Object of(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return of(object);
    }
    if (node instanceof ArrayNode array) {
      List<@Nullable Object> list = new ArrayList<>(array.size());
      array.forEach(item -> list.add(of(item)));
      return Collections.unmodifiableList(list);
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : null;
  }

  /** An immutable map in the order of the tree. */
  @SuppressWarnings("NullAway")
  public static Map<String, Object> of(ObjectNode object) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
    return Collections.unmodifiableMap(map);
  }

  /**
   * @throws IllegalArgumentException if it is nothing JSON can say
   */
  public static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof JsonNode node) {
      return node;
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach((name, item) -> object.set(String.valueOf(name), node(item)));
      return object;
    }
    if (value instanceof Iterable<?> items) {
      ArrayNode array = NODES.arrayNode();
      items.forEach(item -> array.add(node(item)));
      return array;
    }
    throw new IllegalArgumentException("not a JSON value: " + value.getClass().getSimpleName());
  }

  /** A number without a fraction where it has none: 2 rather than 2.0. */
  static JsonNode plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE
        ? NODES.numberNode((int) value)
        : NODES.numberNode(value);
  }

  private static JsonNode number(Number number) {
    if (number instanceof BigDecimal decimal) {
      return NODES.numberNode(decimal);
    }
    if (number instanceof BigInteger integer) {
      return NODES.numberNode(integer);
    }
    if (number instanceof Double || number instanceof Float) {
      return NODES.numberNode(number.doubleValue());
    }
    return number instanceof Long
        ? NODES.numberNode(number.longValue())
        : NODES.numberNode(number.intValue());
  }
}
