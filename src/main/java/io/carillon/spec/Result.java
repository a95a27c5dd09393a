package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What has ended, as parameters of what follows can name it: {@code {{execution.response.id}}}. A
 * placeholder that is all of a string becomes the value itself, whatever its type; inside a longer
 * text it becomes its text. Nothing is escaped here: parameters are values, and whoever fills a
 * template with them escapes by place. What is filled in is bounded. One use; not thread-safe.
 */
public final class Result {
  /** Characters that all values together may bring in. */
  private static final int MOST = 1 << 20;

  private static final int LONGEST_PATH = 200;
  private static final Pattern STEP = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Set<String> OF_EXECUTIONS = Set.of("execution", "job");
  private static final Set<String> OF_GROUPS = Set.of("group");

  private final ObjectNode known;
  private final Faults faults;
  private long filled;

  /**
   * @param known the tree that paths lead into: {@code execution}, {@code job}, or {@code group}
   */
  public Result(ObjectNode known, Faults faults) {
    this.known = known;
    this.faults = faults;
  }

  /**
   * Parameters with all their placeholders replaced; the argument is not changed.
   *
   * @param pointer of the parameters, for faults
   */
  public ObjectNode fill(ObjectNode parameters, String pointer) {
    ObjectNode copy = StrictJson.object();
    for (Map.Entry<String, JsonNode> member : parameters.properties()) {
      copy.set(member.getKey(), tree(member.getValue(), Faults.child(pointer, member.getKey())));
    }
    if (filled > MOST) {
      faults.add(pointer, "payload_too_large", "the values fill in more than " + MOST + " bytes");
    }
    return copy;
  }

  private JsonNode tree(JsonNode node, String pointer) {
    if (node.isTextual()) {
      String whole = Placeholders.whole(node.textValue());
      return whole == null
          ? StrictJson.object().textNode(inside(node.textValue(), pointer))
          : charged(value(whole, pointer));
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = StrictJson.object();
      object
          .properties()
          .forEach(
              member ->
                  copy.set(
                      member.getKey(),
                      tree(member.getValue(), Faults.child(pointer, member.getKey()))));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = StrictJson.object().arrayNode(array.size());
      for (int i = 0; i < array.size(); i++) {
        copy.add(tree(array.get(i), pointer + "/" + i));
      }
      return copy;
    }
    return node;
  }

  private String inside(String text, String pointer) {
    return Placeholders.replace(
        text,
        path -> {
          JsonNode value = charged(value(path, pointer));
          return value.isNull()
              ? ""
              : value.isTextual() ? value.textValue() : StrictJson.text(value);
        });
  }

  /** Counts what goes in; beyond the bound nothing does, and it is a fault. */
  private JsonNode charged(JsonNode value) {
    filled += value.isTextual() ? value.textValue().length() : StrictJson.text(value).length();
    return filled > MOST ? StrictJson.object().nullNode() : value;
  }

  private JsonNode value(String path, String pointer) {
    JsonNode there = known;
    for (String step : path.split("\\.", -1)) {
      JsonNode next =
          there instanceof ArrayNode && step.matches("[0-9]{1,9}")
              ? there.path(Integer.parseInt(step))
              : there.path(step);
      if (next.isMissingNode()) {
        faults.add(
            pointer,
            "link_value_missing",
            "there is no '" + Fields.shown(path) + "' in the result" + why(path, there));
        return StrictJson.object().nullNode();
      }
      there = next;
    }
    return there;
  }

  private static String why(String path, JsonNode there) {
    return path.startsWith("execution.response.") && there.isTextual()
        ? ": the answer is no JSON, or was cut at 16 KiB"
        : "";
  }

  /**
   * Notes placeholders that can never be resolved.
   *
   * @param ofGroup whether they are filled when a group is done
   */
  static void check(ObjectNode parameters, String pointer, boolean ofGroup, Faults faults) {
    Set<String> roots = ofGroup ? OF_GROUPS : OF_EXECUTIONS;
    for (Map.Entry<String, JsonNode> member : parameters.properties()) {
      for (String path : Placeholders.in(member.getValue())) {
        List<String> steps = List.of(path.split("\\.", -1));
        boolean sound =
            path.length() <= LONGEST_PATH
                && steps.size() > 1
                && roots.contains(steps.get(0))
                && steps.stream().allMatch(step -> STEP.matcher(step).matches());
        if (!sound) {
          faults.add(
              Faults.child(pointer, member.getKey()),
              "placeholder_unknown",
              "'{{"
                  + Fields.shown(path)
                  + "}}' names no part of a result: such are "
                  + (ofGroup
                      ? "{{group.name}} and {{group.failed}}"
                      : "{{execution.response.x}}, {{execution.id}} and {{job.id}}"));
        }
      }
    }
  }
}
