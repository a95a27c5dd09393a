package io.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.HealthSource.Check;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.metrics.Metrics;
import io.carillon.spec.Values;
import java.util.List;

/** Whether the server lives, is ready, and how it is. */
final class HealthCalls {
  private final HealthSource health;
  private final Metrics metrics;

  HealthCalls(HealthSource health, Metrics metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(
        Route.open("/livez", exchange -> check(health.live())),
        Route.open("/readyz", exchange -> check(health.ready())),
        Route.open("/healthz", this::details),
        Route.get("/metrics", exchange -> Reply.text(200, Metrics.CONTENT_TYPE, metrics.text())));
  }

  private static Reply check(Check check) {
    ObjectNode body = tree(check);
    return check.well() ? Reply.json(200, body) : Reply.json(503, body).with("Retry-After", "1");
  }

  private Reply details(Exchange exchange) {
    Check live = health.live();
    Check ready = health.ready();
    ObjectNode body = Json.object();
    body.put("status", live.well() && ready.well() ? "ok" : "unavailable");
    body.set("live", tree(live));
    body.set("ready", tree(ready));
    body.set("details", Values.node(health.details()));
    return Reply.json(200, body);
  }

  private static ObjectNode tree(Check check) {
    ObjectNode body = Json.object().put("status", check.well() ? "ok" : "unavailable");
    body.set("reasons", Values.node(check.reasons()));
    return body;
  }
}
