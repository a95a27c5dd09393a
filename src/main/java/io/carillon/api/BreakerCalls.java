package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breakers;
import io.carillon.execution.Breakers.Counts;
import io.carillon.execution.Breakers.Standing;
import io.carillon.job.TargetRules;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Breakers of target hosts: listed, read and forced. Thread-safe. */
final class BreakerCalls {
  private static final String ALL = "/api/v1/breakers";
  private static final String ONE = "/api/v1/breakers/{host}";
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final Breakers breakers;
  private final TargetRules rules;

  BreakerCalls(Breakers breakers, TargetRules rules) {
    this.breakers = breakers;
    this.rules = rules;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list), Route.get(ONE, this::read), Route.put(ONE, this::put));
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    if (cursor != null && !rules.host(cursor).isEmpty()) {
      throw ProblemException.of(
          400,
          List.of(
              new Fault("?cursor", "cursor_invalid", "cursor must be the nextCursor of a list")));
    }
    Breakers.Page page = breakers.list(cursor == null ? "" : cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    String last = null;
    for (Standing standing : page.breakers()) {
      items.add(tree(standing));
      last = standing.breaker().host();
    }
    return Reply.json(200, body.put("nextCursor", page.more() ? last : null));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    String host = exchange.parameter("host");
    if (!rules.host(host).isEmpty()) {
      throw ProblemException.notFound("breaker");
    }
    return reply(breakers.find(host));
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    Faults faults = new Faults();
    String host = exchange.parameter("host");
    rules.host(host).forEach(broken -> faults.add("/host", broken.code(), broken.detail()));
    @Nullable Force force = force(exchange.object(), host, faults);
    if (force == null || !faults.isEmpty()) {
      throw ProblemException.of(422, faults.list());
    }
    return reply(
        breakers.put(
            host,
            force,
            exchange
                .ifMatch()
                .expectedOf(() -> OptionalLong.of(breakers.find(host).breaker().version()))));
  }

  /** What the body says; null if that cannot be said. */
  private static @Nullable Force force(ObjectNode body, String host, Faults faults) {
    Fields fields = new Fields(body, "", faults);
    String own = fields.text("host");
    if (own != null && !own.equals(host)) {
      fields.fault("host", "name_differs", "'host' is not the host in the path");
    }
    String state = fields.text("state");
    if (!fields.has("state")) {
      fields.required("state");
    }
    fields.end();
    for (Force force : Force.values()) {
      if (force.name().equals(state)) {
        return force;
      }
    }
    if (state != null) {
      fields.unknownValue("state", state, Arrays.stream(Force.values()).map(Force::name).toList());
    }
    return null;
  }

  private static Reply reply(Standing standing) {
    return Reply.json(200, tree(standing)).withETag(standing.breaker().version());
  }

  private static ObjectNode tree(Standing standing) {
    Breaker breaker = standing.breaker();
    Counts counts = standing.counts();
    ObjectNode tree =
        Json.object()
            .put("host", breaker.host())
            .put("state", breaker.state().name())
            .put("forced", breaker.force().name())
            .put("since", Json.instant(breaker.changedAt()))
            .put("openedAt", Json.instant(breaker.openedAt()))
            .put("nextProbeAt", Json.instant(breaker.nextProbeAt()))
            .put("probe", breaker.probe() == null ? null : breaker.probe().value())
            .put("lastFailureAt", Json.instant(breaker.failedAt()));
    tree.putObject("counts")
        .put("answers", counts.answers())
        .put("failures", counts.failures())
        .put("failuresInARow", counts.failuresInARow());
    return tree.put("version", breaker.version());
  }
}
