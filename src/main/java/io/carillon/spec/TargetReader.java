package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Auth;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code target}. One use; not thread-safe. */
final class TargetReader {
  private static final int LONGEST_MESSAGE = 10_000;
  private static final List<String> TYPES = List.of("http", "email", "log", "noop");

  private final Fields fields;
  private final TargetRules rules;
  private final TargetOwner owner;

  TargetReader(Fields fields, TargetRules rules, TargetOwner owner) {
    this.fields = fields;
    this.rules = rules;
    this.owner = owner;
  }

  /**
   * @param options receives {@code async} and {@code success}, which do not belong to the target's
   *     value
   */
  @Nullable Target read(Map<String, Object> options) {
    int before = fields.faults().count();
    String type = fields.any("type") == null ? "http" : fields.text("type");
    Target target = null;
    if (type != null) {
      target =
          switch (type) {
            case "http" -> http(options);
            case "email" -> new EmailReader(fields, rules.mail()).read();
            case "log" -> log();
            case "noop" -> new Target.Noop();
            default -> unknown(type);
          };
    }
    if (type != null && TYPES.contains(type)) {
      fields.end();
    }
    return fields.faults().count() > before ? null : target;
  }

  private @Nullable Target unknown(String type) {
    fields.fault(
        "type",
        "target_type_unknown",
        "'"
            + Fields.shown(type)
            + "' is not one of "
            + String.join(" ", TYPES)
            + Nearest.hint(type, TYPES));
    return null;
  }

  private @Nullable Target log() {
    String message = fields.text("message");
    if (!fields.has("message")) {
      fields.required("message");
    }
    if (message != null && message.length() > LONGEST_MESSAGE) {
      fields.fault("message", "message_too_long", "at most " + LONGEST_MESSAGE + " characters");
      return null;
    }
    return message == null ? null : new Target.Log(message);
  }

  private @Nullable Target http(Map<String, Object> options) {
    String url = url();
    String method = method();
    Map<String, String> headers = headers();
    Target.Body body = body(method);
    Duration timeout =
        fields.duration(
            "timeout", Target.Http.SHORTEST_TIMEOUT, Target.Http.LONGEST_TIMEOUT, "timeout_range");
    SecretReader secrets = new SecretReader(fields, rules, owner);
    Auth auth = secrets.auth(headers);
    Map<String, String> secretHeaders = secrets.headers(headers, url);
    OptionReader.async(fields, options);
    OptionReader.success(fields, options);
    if (url == null || method == null) {
      return null;
    }
    return new Target.Http(
        method,
        url,
        headers,
        body,
        timeout == null ? Target.Http.DEFAULT_TIMEOUT : timeout,
        auth,
        secretHeaders);
  }

  private @Nullable String url() {
    if (!fields.has("url")) {
      fields.any("url");
      fields.required("url");
      return null;
    }
    String url = fields.text("url");
    if (url != null) {
      checkUrl(fields, "url", url, rules);
    }
    return url;
  }

  static void checkUrl(Fields fields, String name, String url, TargetRules rules) {
    for (TargetRules.Broken broken : rules.url(url)) {
      fields.fault(name, broken.code(), broken.detail());
    }
  }

  private @Nullable String method() {
    if (!fields.has("method")) {
      fields.any("method");
      return "POST";
    }
    String method = fields.text("method");
    if (method == null || Target.Http.METHODS.contains(method)) {
      return method;
    }
    String upper = method.toUpperCase(Locale.ROOT);
    fields.fault(
        "method",
        "method_not_allowed",
        "methods are GET HEAD POST PUT PATCH DELETE"
            + (Target.Http.METHODS.contains(upper) ? "; did you mean '" + upper + "'?" : ""));
    return null;
  }

  private Map<String, String> headers() {
    Map<String, String> headers = texts(fields, "headers");
    checkHeaders(fields, "headers", headers, rules);
    return headers;
  }

  /** The strings of an object of headers; others are noted and left out. */
  static Map<String, String> texts(Fields fields, String field) {
    Map<String, String> headers = new LinkedHashMap<>();
    ObjectNode node = fields.object(field);
    if (node == null) {
      return headers;
    }
    String pointer = fields.pointer(field);
    node.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isTextual()) {
                headers.put(entry.getKey(), entry.getValue().textValue());
              } else {
                fields
                    .faults()
                    .add(
                        Faults.child(pointer, entry.getKey()),
                        "json_type",
                        "a header must be a string, not " + Fields.kind(entry.getValue()));
              }
            });
    return headers;
  }

  static void checkHeaders(
      Fields fields, String field, Map<String, String> headers, TargetRules rules) {
    String pointer = fields.pointer(field);
    for (TargetRules.Broken broken : rules.headers(headers)) {
      String name = broken.name();
      fields
          .faults()
          .add(
              name == null ? pointer : Faults.child(pointer, name), broken.code(), broken.detail());
    }
  }

  private Target.@Nullable Body body(@Nullable String method) {
    JsonNode node = fields.any("body");
    if (node == null) {
      return null;
    }
    if ("GET".equals(method) || "HEAD".equals(method)) {
      fields.fault("body", "body_not_allowed", "a " + method + " request has no body");
      return null;
    }
    boolean json = !node.isTextual();
    String text = json ? StrictJson.text(node) : node.textValue();
    if (text.getBytes(StandardCharsets.UTF_8).length > Target.LARGEST_BODY) {
      fields.fault(
          "body", "payload_too_large", "a body has at most " + Target.LARGEST_BODY / 1024 + " KiB");
      return null;
    }
    return new Target.Body(json, text);
  }
}
