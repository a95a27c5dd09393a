package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Auth;
import io.carillon.job.SecretRules;
import io.carillon.job.Target;
import org.jspecify.annotations.Nullable;

/** Writes targets: for clients, without a secret, and for the database. Stateless. */
final class TargetWriter {
  private TargetWriter() {}

  /**
   * For clients.
   *
   * @param async shown with the target; null for none
   */
  static ObjectNode write(Target target, @Nullable Object async) {
    ObjectNode node = StrictJson.object();
    if (target instanceof Target.Http http) {
      node.put("type", "http").put("method", http.method()).put("url", http.url());
      ObjectNode headers = node.putObject("headers");
      http.headers().forEach(headers::put);
      Target.Body body = http.body();
      if (body != null) {
        node.set("body", body.json() ? json(body.text()) : Values.node(body.text()));
      }
      node.put("timeout", http.timeout().toString());
      secrets(node, http);
    } else if (target instanceof Target.Email mail) {
      email(node.put("type", "email"), mail);
    } else if (target instanceof Target.Log log) {
      node.put("type", "log").put("message", log.message());
    } else {
      node.put("type", "noop");
    }
    if (async != null) {
      node.set(OptionReader.ASYNC, Values.node(async));
    }
    return node;
  }

  private static void secrets(ObjectNode node, Target.Http http) {
    Auth auth = http.auth();
    if (auth != null) {
      ObjectNode shown = node.putObject("auth");
      shown.put("type", auth.type().name()).put("secret", auth.secret());
      if (auth.user() != null) {
        shown.put("user", auth.user());
      }
      if (auth.header() != null) {
        shown.put("header", auth.header());
      }
    }
    if (!http.secretHeaders().isEmpty()) {
      ObjectNode shown = node.putObject("secretHeaders");
      http.secretHeaders().keySet().forEach(name -> shown.put(name, SecretRules.MASK));
    }
  }

  private static void email(ObjectNode node, Target.Email mail) {
    node.set("to", Values.node(mail.to()));
    if (!mail.cc().isEmpty()) {
      node.set("cc", Values.node(mail.cc()));
    }
    if (!mail.bcc().isEmpty()) {
      node.set("bcc", Values.node(mail.bcc()));
    }
    if (mail.from() != null) {
      node.put("from", mail.from());
    }
    if (mail.replyTo() != null) {
      node.put("replyTo", mail.replyTo());
    }
    node.put("subject", mail.subject()).put(mail.html() ? "html" : "text", mail.text());
    node.put("timeout", mail.timeout().toString());
  }

  private static JsonNode json(String text) {
    try {
      return StrictJson.tree(text);
    } catch (UnreadableJson e) {
      return Values.node(text);
    }
  }

  /** The body as it is, rather than as JSON where it is that; secret headers as encrypted. */
  static void storedParts(Target target, ObjectNode node) {
    if (target instanceof Target.Http http) {
      if (http.body() != null) {
        ObjectNode body = node.putObject("body");
        body.put("json", http.body().json());
        body.put("text", http.body().text());
      }
      if (!http.secretHeaders().isEmpty()) {
        http.secretHeaders().forEach(node.putObject("secretHeaders")::put);
      }
    }
  }
}
