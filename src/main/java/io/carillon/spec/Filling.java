package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Puts values into the template of a target. A value that is all of a JSON string keeps its type;
 * inside a longer text it is escaped for its place, so that it can end neither a JSON string nor a
 * segment of a path nor a parameter of a query. The scheme, host and port of a URL are the
 * template's. What is filled in is bounded. One use; not thread-safe.
 */
final class Filling {
  /** Characters that all values together may bring in. */
  private static final int MOST = 1 << 20;

  /** A number with more of them is written with its exponent. */
  private static final int MOST_DIGITS = 500;

  private static final Set<String> DOTS = Set.of("", ".", "..");
  private static final Set<String> ADDRESSES = Set.of("to", "cc", "bcc");

  private final Map<String, JsonNode> values;
  private final Faults faults;
  private final String pointer;
  private long filled;

  /**
   * @param values of every declared parameter; a null node where there is none
   * @param pointer of the parameters, for faults
   */
  Filling(Map<String, JsonNode> values, String pointer, Faults faults) {
    this.values = values;
    this.pointer = pointer;
    this.faults = faults;
  }

  /** The target; neither argument is changed. Checked by nobody yet. */
  ObjectNode target(ObjectNode template) {
    ObjectNode target = StrictJson.object();
    for (Map.Entry<String, JsonNode> member : template.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (name.equals("url") && value.isTextual()) {
        target.put(name, url(value.textValue()));
      } else if (name.equals("headers") && value instanceof ObjectNode headers) {
        target.set(name, withoutEmpty(headers));
      } else if (name.equals("body") && value.isTextual()) {
        target.set(name, text(value.textValue(), escapesOf(template)));
      } else if (name.equals("html") && value.isTextual()) {
        target.put(name, inside(value.textValue(), Escapes.HTML));
      } else if (ADDRESSES.contains(name) && value instanceof ArrayNode addresses) {
        target.set(name, withoutEmpty(addresses));
      } else {
        target.set(name, tree(value));
      }
    }
    if (filled > MOST) {
      faults.add(pointer, "payload_too_large", "the values fill in more than " + MOST + " bytes");
    }
    return target;
  }

  /** A body that is a text has the grammar that its Content-Type says. */
  private static Escapes escapesOf(ObjectNode template) {
    for (Map.Entry<String, JsonNode> header : template.path("headers").properties()) {
      if (header.getKey().equalsIgnoreCase("Content-Type")) {
        String type = header.getValue().asText().toLowerCase(Locale.ROOT);
        return type.contains("json")
            ? Escapes.JSON
            : type.contains("x-www-form-urlencoded")
                ? Escapes.URL
                : type.contains("html") || type.contains("xml") ? Escapes.HTML : Escapes.NONE;
      }
    }
    return Escapes.NONE;
  }

  private JsonNode tree(JsonNode node) {
    if (node.isTextual()) {
      return text(node.textValue(), Escapes.NONE);
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = StrictJson.object();
      object.properties().forEach(entry -> copy.set(entry.getKey(), tree(entry.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = StrictJson.object().arrayNode(array.size());
      array.forEach(item -> copy.add(tree(item)));
      return copy;
    }
    return node;
  }

  private JsonNode text(String text, Escapes escapes) {
    String whole = Placeholders.whole(text);
    return whole == null
        ? StrictJson.object().textNode(inside(text, escapes))
        : charged(value(whole));
  }

  /** Members whose value nobody gave are left out. */
  private ObjectNode withoutEmpty(ObjectNode object) {
    ObjectNode copy = StrictJson.object();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonNode value = entry.getValue();
      if (value.isTextual()) {
        String whole = Placeholders.whole(value.textValue());
        if (whole == null || !value(whole).isNull()) {
          copy.put(entry.getKey(), inside(value.textValue(), Escapes.NONE));
        }
      } else {
        copy.set(entry.getKey(), value);
      }
    }
    return copy;
  }

  private ArrayNode withoutEmpty(ArrayNode array) {
    ArrayNode copy = StrictJson.object().arrayNode();
    for (JsonNode item : array) {
      JsonNode value = tree(item);
      if (!value.isNull()) {
        copy.add(value);
      }
    }
    return copy;
  }

  private String url(String template) {
    int path = UrlTemplate.endOfAuthority(template);
    int query = UrlTemplate.endOfPath(template, path);
    StringBuilder url = new StringBuilder(template.substring(0, path));
    String separator = "";
    for (String segment : template.substring(path, query).split("/", -1)) {
      String whole = inside(segment, Escapes.URL);
      if (!whole.equals(segment) && DOTS.contains(whole.replaceAll("(?i)%2e", "."))) {
        refuse(segment, whole);
      }
      url.append(separator).append(whole);
      separator = "/";
    }
    return url.append(inside(template.substring(query), Escapes.URL)).toString();
  }

  private void refuse(String segment, String filledIn) {
    List<String> names = List.copyOf(Placeholders.in(segment));
    faults.add(
        names.size() == 1 ? Faults.child(pointer, names.get(0)) : pointer,
        "parameter_path",
        "a part of the URL's path would be '" + filledIn + "' and lead to another path");
  }

  private String inside(String text, Escapes escapes) {
    return Placeholders.replace(
        text,
        name -> {
          JsonNode value = charged(value(name));
          return value.isNull() ? "" : escapes.of(plain(value));
        });
  }

  private JsonNode value(String name) {
    return values.getOrDefault(name, StrictJson.object().nullNode());
  }

  /** Counts what goes in; beyond the bound nothing does, and it is a fault. */
  private JsonNode charged(JsonNode value) {
    filled += value.isTextual() ? value.textValue().length() : StrictJson.text(value).length();
    return filled > MOST ? StrictJson.object().nullNode() : value;
  }

  private static String plain(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    return value.isNumber() && Math.abs(value.decimalValue().scale()) < MOST_DIGITS
        ? value.decimalValue().toPlainString()
        : StrictJson.text(value);
  }
}
