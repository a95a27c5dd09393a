package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the values that a job names against what its task declares. Stateless. */
final class ParameterValues {
  private ParameterValues() {}

  /**
   * A value for every declared parameter, null nodes included; faulty ones are null. Null counts as
   * not named, and a single value for a list as a list of one.
   *
   * @param pointer of the values
   */
  static Map<String, JsonNode> of(
      Map<String, Parameter> declared, @Nullable ObjectNode named, String pointer, Faults faults) {
    ObjectNode given = named == null ? StrictJson.object() : named;
    given
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!declared.containsKey(name)) {
                faults.add(
                    Faults.child(pointer, name),
                    "parameter_unknown",
                    "the task declares no parameter '"
                        + Fields.shown(name)
                        + "'"
                        + Nearest.hint(name, declared.keySet(), faults));
              }
            });
    Map<String, JsonNode> values = new LinkedHashMap<>();
    declared.forEach(
        (name, parameter) ->
            values.put(name, value(name, parameter, given.get(name), pointer, faults)));
    return values;
  }

  private static JsonNode value(
      String name, Parameter parameter, @Nullable JsonNode given, String pointer, Faults faults) {
    if (given == null || given.isNull()) {
      if (parameter.required()) {
        faults.add(
            Faults.child(pointer, name),
            "parameter_required",
            "the task requires the parameter '" + name + "'");
      }
      return Values.node(parameter.fallback());
    }
    if (fits(parameter.type(), given)) {
      return given;
    }
    if (parameter.type() == Type.ARRAY && given.isValueNode()) {
      return StrictJson.object().arrayNode().add(given);
    }
    faults.add(
        Faults.child(pointer, name),
        "parameter_type",
        "'" + name + "' must be " + words(parameter.type()) + ", not " + Fields.kind(given));
    return Values.node(null);
  }

  static boolean fits(Type type, JsonNode value) {
    return switch (type) {
      case STRING -> value.isTextual();
      case NUMBER -> value.isNumber();
      case INTEGER -> value.isIntegralNumber();
      case BOOLEAN -> value.isBoolean();
      case ARRAY -> value.isArray();
      case OBJECT -> value.isObject();
    };
  }

  /** With its article. */
  static String words(Type type) {
    String name = type.name().toLowerCase(Locale.ROOT);
    return ("aeio".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
  }
}
