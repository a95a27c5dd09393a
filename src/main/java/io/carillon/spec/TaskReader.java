package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import io.carillon.job.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the canonical body of a task and notes every fault of it. Thread-safe. */
public final class TaskReader {
  private static final int MOST_PARAMETERS = 100;
  private static final int LONGEST_DESCRIPTION = 250;
  private static final List<String> READ_ONLY = List.of("id", "version", "createdAt", "updatedAt");

  private final TargetRules rules;

  public TaskReader(TargetRules rules) {
    this.rules = rules;
  }

  /**
   * @return null if and only if faults were added
   */
  public @Nullable Task read(ObjectNode body, TaskId id, Faults faults) {
    int before = faults.count();
    Fields fields = new Fields(body, "", faults);
    fields.know(READ_ONLY);
    String given = fields.text("id");
    if (given != null && !given.equals(id.value())) {
      fields.fault("id", "id_mismatch", "the body names another task than the path");
    }
    String description = description(fields);
    Map<String, Parameter> parameters = parameters(fields);
    ObjectNode target = fields.object("target");
    if (!fields.has("target")) {
      fields.required("target");
    } else if (target != null) {
      TargetOwner owner = TargetOwner.task(id.namespace());
      new TemplateRules(parameters, rules, owner, faults).check(target, fields.pointer("target"));
    }
    ObjectNode retry = fields.object("retry");
    if (retry != null) {
      ObjectNode alone = StrictJson.object();
      alone.set("retry", retry);
      new PolicyReader(new Fields(alone, "", faults)).read(false);
    }
    String queue = fields.text("queue");
    if (queue != null) {
      Names.check(queue, fields.pointer("queue"), faults);
    }
    fields.end();
    if (faults.count() > before || target == null) {
      return null;
    }
    return new Task(
        id,
        description,
        Values.of(target),
        parameters,
        retry == null ? null : Values.of(retry),
        queue);
  }

  private static @Nullable String description(Fields fields) {
    String text = fields.text("description");
    if (text != null && text.codePointCount(0, text.length()) > LONGEST_DESCRIPTION) {
      fields.fault(
          "description", "description_too_long", "at most " + LONGEST_DESCRIPTION + " characters");
    }
    return text;
  }

  private static Map<String, Parameter> parameters(Fields fields) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Fields declared = fields.fields("parameters");
    ObjectNode node = fields.object("parameters");
    if (declared == null || node == null) {
      return parameters;
    }
    if (node.size() > MOST_PARAMETERS) {
      fields.fault("parameters", "list_too_long", "at most " + MOST_PARAMETERS + " parameters");
      return parameters;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey();
      if (!Placeholders.isName(name)) {
        declared.fault(
            name,
            "parameter_name",
            "a parameter's name is 1–64 of letters, digits and _, and begins with no digit");
      }
      Fields parameter = declared.fields(name);
      if (parameter == null) {
        if (entry.getValue().isNull()) {
          declared.required(name);
        }
        continue;
      }
      parameters.put(name, parameter(parameter));
    }
    return parameters;
  }

  /** What is wrong is noted, and read as a parameter that takes any string. */
  private static Parameter parameter(Fields fields) {
    Type type = type(fields);
    boolean required = Boolean.TRUE.equals(fields.flag("required"));
    JsonNode fallback = fields.any("default");
    String description = description(fields);
    fields.end();
    if (fallback != null && required) {
      fields.fault(
          "default", "parameter_default", "a required parameter has no default: it is never used");
    }
    if (fallback != null && type != null && !ParameterValues.fits(type, fallback)) {
      fields.fault(
          "default",
          "parameter_type",
          "'default' must be " + ParameterValues.words(type) + ", not " + Fields.kind(fallback));
    }
    boolean sound = fallback != null && !required;
    return new Parameter(
        type == null ? Type.STRING : type,
        required,
        sound ? Values.of(fallback) : null,
        description);
  }

  private static @Nullable Type type(Fields fields) {
    String text = fields.text("type");
    if (!fields.has("type")) {
      fields.required("type");
      return null;
    }
    List<String> names = new ArrayList<>();
    for (Type type : Type.values()) {
      String name = type.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return type;
      }
      names.add(name);
    }
    if (text != null) {
      fields.unknownValue("type", text, names);
    }
    return null;
  }
}
