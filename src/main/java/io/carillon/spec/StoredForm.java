package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.DstPolicy;
import io.carillon.job.Auth;
import io.carillon.job.CatchUp;
import io.carillon.job.Delivery;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Overlap;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link JobWriter#store} wrote. Trusts it: anything unexpected is an exception of some
 * kind. A field that is not there (written before the field existed) gets its default where it has
 * one. One use; not thread-safe.
 */
final class StoredForm {
  private final ObjectNode root;

  StoredForm(ObjectNode root) {
    this.root = root;
  }

  /** How a job behaves, and where it came from: what many jobs have in common. */
  record Manner(Job.Policies policies, Map<String, Object> options, Origin origin) {}

  Manner manner() {
    JsonNode origin = root.path("origin");
    return new Manner(
        policies(),
        map(root.get("later")),
        new Origin(Origin.Call.valueOf(must(origin, "call")), map(origin.get("facts"))));
  }

  Job job(JobId id, Manner manner) {
    Map<String, String> labels = new LinkedHashMap<>();
    root.path("labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return new Job(
        id,
        text(root, "name"),
        text(root, "description"),
        must(root, "queue"),
        Priority.valueOf(must(root, "priority").toUpperCase(Locale.ROOT)),
        labels,
        target(child("target")),
        schedule(child("schedule")),
        manner.policies(),
        manner.options(),
        manner.origin());
  }

  static Target target(JsonNode node) {
    return switch (must(node, "type")) {
      case "log" -> new Target.Log(must(node, "message"));
      case "noop" -> new Target.Noop();
      case "http" -> http(node);
      case "email" -> email(node);
      default -> throw new IllegalArgumentException("target type");
    };
  }

  private static Target.Email email(JsonNode node) {
    boolean html = node.hasNonNull("html");
    return new Target.Email(
        texts(node.path("to")),
        texts(node.path("cc")),
        texts(node.path("bcc")),
        text(node, "from"),
        text(node, "replyTo"),
        must(node, "subject"),
        html,
        must(node, html ? "html" : "text"),
        Duration.parse(must(node, "timeout")));
  }

  private static Target.Http http(JsonNode node) {
    JsonNode body = node.get("body");
    return new Target.Http(
        must(node, "method"),
        must(node, "url"),
        headers(node.path("headers")),
        body == null ? null : new Target.Body(body.path("json").asBoolean(), must(body, "text")),
        Duration.parse(must(node, "timeout")),
        auth(node.get("auth")),
        headers(node.path("secretHeaders")));
  }

  private static Map<String, String> headers(JsonNode node) {
    Map<String, String> headers = new LinkedHashMap<>();
    node.properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
    return headers;
  }

  private static @Nullable Auth auth(@Nullable JsonNode node) {
    return node == null
        ? null
        : new Auth(
            Auth.Type.valueOf(must(node, "type")),
            must(node, "secret"),
            text(node, "user"),
            text(node, "header"));
  }

  private static Schedule schedule(JsonNode node) {
    Limits limits =
        new Limits(
            instant(node, "startAt"),
            instant(node, "endAt"),
            node.hasNonNull("maxRuns") ? node.get("maxRuns").intValue() : null,
            Duration.parse(must(node, "jitter")),
            texts(node.path("calendars")));
    return switch (must(node, "type")) {
      case "now" -> new Schedule.Now(limits);
      case "delay" -> new Schedule.Delay(Duration.parse(must(node, "delay")), limits);
      case "at" -> at(node, limits);
      case "fixedRate" -> new Schedule.FixedRate(Duration.parse(must(node, "every")), limits);
      case "fixedDelay" -> new Schedule.FixedDelay(Duration.parse(must(node, "every")), limits);
      case "cron" ->
          new Schedule.Cron(
              must(node, "cron"),
              must(node, "normalized"),
              must(node, "dialect"),
              ZoneId.of(must(node, "timeZone")),
              dst(node.path("dst")),
              limits);
      case "dailyWindow" ->
          new Schedule.DailyWindow(
              LocalTime.parse(must(node, "from")),
              LocalTime.parse(must(node, "to")),
              Duration.parse(must(node, "every")),
              Weekdays.all(texts(node.path("days"))),
              ZoneId.of(must(node, "timeZone")),
              dst(node.path("dst")),
              limits);
      default -> throw new IllegalArgumentException("schedule type");
    };
  }

  private static DstPolicy dst(JsonNode node) {
    String gap = text(node, "gap");
    String overlap = text(node, "overlap");
    return new DstPolicy(
        gap == null ? null : DstPolicy.Gap.valueOf(gap),
        overlap == null ? null : DstPolicy.Overlap.valueOf(overlap));
  }

  private static Schedule at(JsonNode node, Limits limits) {
    Instant anchor = instant(node, "anchor");
    Duration offset = duration(node, "offset");
    String zone = text(node, "timeZone");
    return new Schedule.At(
        anchor != null && offset != null ? anchor.plus(offset) : Instant.parse(must(node, "at")),
        zone == null ? null : ZoneId.of(zone),
        node.path("allowPast").asBoolean(),
        anchor,
        offset,
        limits);
  }

  private Job.Policies policies() {
    JsonNode catchUp = child("catchUp");
    return new Job.Policies(
        retry(child("retry")),
        Overlap.valueOf(must(root, "overlap")),
        new CatchUp(
            CatchUp.Policy.valueOf(must(catchUp, "policy")),
            Duration.parse(must(catchUp, "after")),
            Duration.parse(must(catchUp, "window")),
            catchUp.path("max").intValue()),
        duration(root, "expiresAfter"),
        Delivery.valueOf(must(root, "delivery")));
  }

  private static RetryPolicy retry(JsonNode node) {
    return new RetryPolicy(
        node.path("maxAttempts").intValue(),
        RetryPolicy.Backoff.valueOf(must(node, "backoff")),
        Duration.parse(must(node, "initial")),
        node.path("factor").doubleValue(),
        Duration.parse(must(node, "max")),
        node.path("jitter").doubleValue(),
        texts(node.path("delays")).stream().map(Duration::parse).toList(),
        texts(node.path("retryOn")),
        texts(node.path("stopOn")),
        duration(node, "maxAge"));
  }

  private JsonNode child(String name) {
    return root.required(name);
  }

  private static String must(JsonNode node, String name) {
    return node.required(name).textValue();
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.hasNonNull(name) ? must(node, name) : null;
  }

  private static @Nullable Instant instant(JsonNode node, String name) {
    String text = text(node, name);
    return text == null ? null : Instant.parse(text);
  }

  private static @Nullable Duration duration(JsonNode node, String name) {
    String text = text(node, name);
    return text == null ? null : Duration.parse(text);
  }

  private static List<String> texts(JsonNode items) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(item.textValue()));
    return texts;
  }

  private static Map<String, Object> map(@Nullable JsonNode node) {
    return node instanceof ObjectNode object ? Values.of(object) : Map.of();
  }
}
