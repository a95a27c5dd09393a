package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.spec.Faults;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Values;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Acts on a job: pause, resume, skip, run. Thread-safe. */
final class ActCalls {
  private static final int MOST_SKIPPED = 100;

  private final JobScheduler scheduler;
  private final JobViews views;
  private final TargetRules rules;
  private final Reruns reruns;
  private final InstantSource clock;

  ActCalls(
      JobScheduler scheduler,
      JobViews views,
      TargetRules rules,
      Reruns reruns,
      InstantSource clock) {
    this.reruns = reruns;
    this.scheduler = scheduler;
    this.views = views;
    this.rules = rules;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/jobs/{id}/pause", this::pause),
        Route.post("/api/v1/jobs/{id}/resume", this::resume),
        Route.post("/api/v1/jobs/{id}/skip-next", this::skipNext),
        Route.post("/api/v1/jobs/{id}/run", this::run));
  }

  private Reply pause(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Body body = new Body(exchange.objectOrEmpty());
    PauseInput why = PauseInput.read(body, clock.instant());
    body.refuseOthers();
    body.done();
    return views.reply(202, scheduler.pause(id, why.reason(), why.until()));
  }

  private Reply resume(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Body body = new Body(exchange.objectOrEmpty());
    body.refuseOthers();
    body.done();
    return views.reply(202, scheduler.resume(id));
  }

  private Reply skipNext(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Body body = new Body(exchange.objectOrEmpty());
    Integer count = body.integer("count", 1, MOST_SKIPPED);
    String reason = PauseInput.reason(body);
    body.refuseOthers();
    body.done();
    JobScheduler.Skipped skipped = scheduler.skipNext(id, count == null ? 1 : count, reason);
    StoredJob job = skipped.stored();
    ObjectNode answer = Json.object();
    ArrayNode instants = answer.putArray("skipped");
    for (Instant at : skipped.instants()) {
      instants
          .addObject()
          .put("executionId", ExecutionId.planned(id, job.generation(), at).value())
          .put("scheduledAt", Json.instant(at));
    }
    answer.put("state", job.state().name());
    return Reply.json(202, answer.put("nextFireTime", Json.instant(job.nextFireTime())))
        .withETag(job.version());
  }

  private Reply run(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Body body = new Body(exchange.objectOrEmpty());
    Map<String, Object> overrides = new LinkedHashMap<>();
    JsonNode payload = body.any("body");
    if (payload != null) {
      requirePayload(payload);
      put(overrides, "body", payload);
    }
    ObjectNode headers = body.object("headers");
    if (headers != null) {
      checkHeaders(headers, body);
      put(overrides, "headers", headers);
    }
    ObjectNode parameters = body.object("parameters");
    if (parameters != null) {
      put(overrides, "parameters", parameters);
      overrides.putAll(reruns.of(id, parameters, body.faults()));
    }
    body.refuseOthers();
    body.done();
    String execution = scheduler.run(id, exchange.proposedId(), overrides);
    return Reply.json(202, Json.object().put("executionId", execution))
        .withLocation("/api/v1/executions/" + execution);
  }

  private static void put(Map<String, Object> overrides, String name, @Nullable JsonNode value) {
    Object plain = value == null ? null : Values.of(value);
    if (plain != null) {
      overrides.put(name, plain);
    }
  }

  private static void requirePayload(JsonNode payload) {
    int bytes = StrictJson.text(payload).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Target.LARGEST_BODY) {
      throw ProblemException.of(
          413, "payload_too_large", "a body of at most " + Target.LARGEST_BODY + " bytes is sent");
    }
  }

  private void checkHeaders(ObjectNode headers, Body body) {
    Map<String, String> texts = new LinkedHashMap<>();
    headers
        .properties()
        .forEach(
            header -> {
              if (header.getValue().isTextual()) {
                texts.put(header.getKey(), header.getValue().textValue());
              } else {
                body.faults()
                    .add(
                        Faults.child("/headers", header.getKey()),
                        "json_type",
                        "a header's value is a string");
              }
            });
    for (TargetRules.Broken broken : rules.headers(texts)) {
      body.faults()
          .add(
              broken.name() == null ? "/headers" : Faults.child("/headers", broken.name()),
              broken.code(),
              broken.detail());
    }
  }
}
