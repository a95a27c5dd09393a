package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.job.Origin;
import io.carillon.job.RetryPolicy;
import io.carillon.job.StoredJob;
import io.carillon.spec.StrictJson;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code POST /jobs} in the manner of a job queue: a name, its data, and options. */
final class QueueShape {
  private static final int USUAL_ATTEMPTS = 3;
  private static final Duration USUAL_WAIT = Duration.ofSeconds(1);

  private final Definitions definitions;
  private final Catalogue catalogue;

  QueueShape(Definitions definitions, Catalogue catalogue) {
    this.definitions = definitions;
    this.catalogue = catalogue;
  }

  Reply create(Exchange exchange, ObjectNode body) {
    Translation in = new Translation(body);
    in.body.require("name");
    String name = in.body.text("name");
    in.copy("name", in.canonical, "/name");
    in.copy("queue", in.canonical, "/queue");
    task(in, name == null ? "" : name, body.path("data"));
    ObjectNode given = in.body.object("opts");
    Options options = new Options(new Body(given == null ? StrictJson.object() : given));
    Priorities.readQueueStyle(in, options.any("priority"), "/opts/priority");
    options.delay(in);
    options.retry(in);
    options
        .opts
        .faults()
        .list()
        .forEach(
            fault -> in.body.faults().add("/opts" + fault.pointer(), fault.code(), fault.detail()));
    StoredJob stored =
        definitions.store(
            in.job(
                definitions.reader(),
                exchange.newJobId(),
                Origin.Call.QUEUE,
                Translation.facts(Origin.TASK, name)));
    String id = stored.id().value();
    return Reply.json(202, Json.object().put("id", id).put("job_id", id).put("status", "waiting"))
        .withLocation(Definitions.path(stored.id()));
  }

  /** A task with the data as its parameters; anything else is a line in the log. */
  private void task(Translation in, String name, JsonNode data) {
    boolean parameters = data.isObject() || data.isNull();
    if (Catalogue.BUILT_IN.contains(name) && parameters) {
      Catalogue.builtIn(in, name, data instanceof ObjectNode object ? object : null, "/data");
    } else if (!parameters || !catalogue.isStored(in, name, data, "/name", "/data")) {
      Catalogue.checkSize(in, data, "/data");
      in.target("log")
          .put("message", Catalogue.line(data.isMissingNode() ? data : named(name, data)));
      in.from("/target", "/data");
    }
  }

  private static ObjectNode named(String name, JsonNode data) {
    ObjectNode line = Json.object().put("name", name);
    line.set("data", data);
    return line;
  }

  /** {@code opts}. */
  private record Options(Body opts) {
    private @Nullable JsonNode any(String name) {
      return opts.any(name);
    }

    private void delay(Translation in) {
      Integer millis = opts.integer("delay", 0, Integer.MAX_VALUE);
      if (millis != null && millis > 0) {
        in.schedule("delay").put("delay", Duration.ofMillis(millis).toString());
      }
      in.from("/schedule", "/opts/delay");
    }

    private void retry(Translation in) {
      Integer attempts = opts.integer("attempts", 1, RetryPolicy.MOST_ATTEMPTS);
      Wait wait = wait(opts.any("backoff"));
      int usual = attempts == null ? USUAL_ATTEMPTS : attempts;
      if (attempts == null && !opts.has("backoff")) {
        in.usualRetry(usual, wait.backoff, wait.initial.toString());
      } else {
        in.retry(usual, wait.backoff, wait.initial.toString());
      }
      in.from("/retry/initial", "/opts/backoff/delay").from("/retry", "/opts/backoff");
    }

    private record Wait(String backoff, Duration initial) {}

    /** {@code {type, delay}}, or a number: fixed waits of so many milliseconds. */
    private Wait wait(@Nullable JsonNode backoff) {
      if (backoff == null) {
        return new Wait("EXPONENTIAL", USUAL_WAIT);
      }
      if (backoff.isNumber()) {
        Integer millis = opts.integer("backoff", 0, Integer.MAX_VALUE);
        return new Wait("FIXED", Duration.ofMillis(millis == null ? 0 : millis));
      }
      if (!(backoff instanceof ObjectNode object)) {
        opts.fault("backoff", "json_type", "'backoff' must be an object");
        return new Wait("FIXED", USUAL_WAIT);
      }
      Body fields = new Body(object);
      fields.require("type");
      String type = fields.text("type");
      if (type != null && !type.equals("fixed") && !type.equals("exponential")) {
        fields.fault("type", "backoff_unknown", "'type' must be fixed or exponential");
        type = null;
      }
      Integer millis = fields.integer("delay", 0, Integer.MAX_VALUE);
      fields
          .faults()
          .list()
          .forEach(
              fault ->
                  opts.faults().add("/backoff" + fault.pointer(), fault.code(), fault.detail()));
      return new Wait(
          type == null ? "FIXED" : type.toUpperCase(Locale.ROOT),
          millis == null ? USUAL_WAIT : Duration.ofMillis(millis));
    }
  }
}
