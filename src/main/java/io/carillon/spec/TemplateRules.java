package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.TargetRules;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a template has to keep to before any value is known: placeholders name declared parameters
 * and stand where a value can; what they leave alone is a sound target. One use; not thread-safe.
 */
final class TemplateRules {
  private static final Set<String> FIXED =
      Set.of("type", "method", "timeout", "auth", "async", "success");
  private static final Set<Type> STRUCTURED = EnumSet.of(Type.ARRAY, Type.OBJECT);

  private final Map<String, Parameter> declared;
  private final TargetRules rules;
  private final Faults faults;
  private final TargetOwner owner;

  TemplateRules(
      Map<String, Parameter> declared, TargetRules rules, TargetOwner owner, Faults faults) {
    this.declared = declared;
    this.rules = rules;
    this.owner = owner;
    this.faults = faults;
  }

  void check(ObjectNode template, String pointer) {
    int before = faults.count();
    for (Map.Entry<String, JsonNode> member : template.properties()) {
      String name = member.getKey();
      String place = Faults.child(pointer, name);
      if (FIXED.contains(name)) {
        if (!Placeholders.in(member.getValue()).isEmpty()) {
          faults.add(place, "placeholder_place", "'" + name + "' is the same for all jobs");
        }
      } else {
        places(member.getValue(), place, name.equals("url") || name.equals("headers"));
      }
    }
    authority(template.path("url"), Faults.child(pointer, "url"));
    if (faults.count() == before) {
      sample(template, pointer);
    }
  }

  /**
   * @param text whether a value is written into a text, be it alone there
   */
  private void places(JsonNode node, String pointer, boolean text) {
    if (node.isTextual()) {
      String template = node.textValue();
      boolean whole = Placeholders.whole(template) != null && !text;
      Placeholders.in(template).forEach(name -> place(name, pointer, whole));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        places(node.get(i), pointer + "/" + i, text);
      }
    } else {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String place = Faults.child(pointer, member.getKey());
        if (!Placeholders.in(member.getKey()).isEmpty()) {
          faults.add(place, "placeholder_place", "the name of a member takes no placeholder");
        }
        places(member.getValue(), place, text);
      }
    }
  }

  private void place(String name, String pointer, boolean whole) {
    Parameter parameter = declared.get(name);
    if (parameter == null) {
      faults.add(
          pointer,
          "placeholder_unknown",
          "'{{"
              + Fields.shown(name)
              + "}}' names no declared parameter"
              + Nearest.hint(name, declared.keySet(), faults));
    } else if (!whole && STRUCTURED.contains(parameter.type())) {
      faults.add(
          pointer,
          "placeholder_type",
          "'"
              + name
              + "' is "
              + ParameterValues.words(parameter.type())
              + ": it needs a JSON value"
              + " of its own");
    }
  }

  private void authority(JsonNode url, String pointer) {
    if (url.isTextual()) {
      String text = url.textValue();
      if (text.substring(0, UrlTemplate.endOfAuthority(text)).contains("{{")) {
        faults.add(
            pointer,
            "placeholder_place",
            "the scheme, host and port of a URL take no placeholder; a path begins with '/'");
      }
    }
  }

  /** Holds the template, filled with anything, to the rules of targets: what was not filled. */
  private void sample(ObjectNode template, String pointer) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    declared.forEach((name, parameter) -> values.put(name, sample(parameter)));
    ObjectNode filled = new Filling(values, pointer, new Faults()).target(template);
    Faults found = new Faults();
    new TargetReader(new Fields(filled, "", found), rules, owner).read(new LinkedHashMap<>());
    Set<String> told = new HashSet<>();
    for (Fault fault : found.list()) {
      boolean ofTemplate =
          fault.pointer().equals("/url")
              || (fault.pointer().startsWith("/headers") && !fault.code().equals("header_value"))
              || Placeholders.in(TaskTargets.nearest(template, fault.pointer())).isEmpty()
              || !template.has(fault.pointer().substring(1).split("/")[0]);
      if (ofTemplate && told.add(fault.pointer() + fault.code())) {
        faults.add(pointer + fault.pointer(), fault.code(), fault.detail());
      }
    }
  }

  private static JsonNode sample(Parameter parameter) {
    if (parameter.fallback() != null) {
      return Values.node(parameter.fallback());
    }
    return switch (parameter.type()) {
      case STRING -> StrictJson.object().textNode("x");
      case NUMBER, INTEGER -> StrictJson.object().numberNode(1);
      case BOOLEAN -> StrictJson.object().booleanNode(true);
      case ARRAY -> StrictJson.object().arrayNode();
      case OBJECT -> StrictJson.object();
    };
  }
}
