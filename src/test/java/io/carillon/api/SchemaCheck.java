package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small part of JSON Schema: types, required members, enumerations, items, oneOf. */
final class SchemaCheck {
  private final JsonNode document;

  SchemaCheck(JsonNode document) {
    this.document = document;
  }

  /** What does not fit; also members that the schema does not name. */
  List<String> faults(JsonNode value, JsonNode schema) {
    List<String> faults = new ArrayList<>();
    check(value, schema, "", faults);
    return faults;
  }

  private void check(JsonNode value, JsonNode schema, String at, List<String> faults) {
    if (schema.has("$ref")) {
      check(value, document.at(schema.get("$ref").asText().substring(1)), at, faults);
      return;
    }
    if (schema.has("oneOf")) {
      long fitting = 0;
      for (JsonNode one : schema.get("oneOf")) {
        fitting += faults(value, one).isEmpty() ? 1 : 0;
      }
      if (fitting != 1) {
        faults.add(at + ": fits " + fitting + " of oneOf");
      }
      return;
    }
    if (schema.has("type") && !typed(value, schema.get("type"))) {
      faults.add(at + ": " + value.getNodeType() + " is not " + schema.get("type"));
      return;
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      faults.add(at + ": " + value + " is not one of " + schema.get("enum"));
    }
    for (JsonNode name : schema.path("required")) {
      if (value.isObject() && !value.has(name.asText())) {
        faults.add(at + "/" + name.asText() + ": required");
      }
    }
    if (value.isObject() && schema.has("properties")) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        JsonNode inner = schema.get("properties").get(member.getKey());
        String place = at + "/" + member.getKey();
        if (inner == null) {
          faults.add(place + ": not in the document");
        } else {
          check(member.getValue(), inner, place, faults);
        }
      }
    }
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(value.get(i), schema.get("items"), at + "/" + i, faults);
      }
    }
  }

  private static boolean contains(JsonNode values, JsonNode wanted) {
    for (JsonNode value : values) {
      if (value.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean typed(JsonNode value, JsonNode type) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (typed(value, one)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new AssertionError("unknown type " + type);
    };
  }
}
