package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.Job;
import io.carillon.job.Origin;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** {@code POST /requests}: one HTTP request at one time of somebody's clock. */
final class RequestCalls {
  private static final List<String> TARGET = List.of("url", "method", "headers", "body");

  private final Definitions definitions;

  RequestCalls(Definitions definitions) {
    this.definitions = definitions;
  }

  List<Route> routes() {
    return List.of(Route.post("/requests", this::create));
  }

  private Reply create(Exchange exchange) {
    Translation in = new Translation(exchange.object());
    in.body.require("url");
    in.body.require("scheduledTime");
    ObjectNode target = in.target("http");
    TARGET.forEach(name -> in.copy(name, target, "/target/" + name));
    ObjectNode schedule = in.schedule("at");
    in.copy("scheduledTime", schedule, "/schedule/at");
    in.copy("timeZone", schedule, "/schedule/timeZone");
    in.from("/schedule", "/scheduledTime");
    in.retry(5, "EXPONENTIAL", "PT2S");
    Job job = in.job(definitions.reader(), exchange.newJobId(), Origin.Call.REQUESTS, Map.of());
    StoredJob stored = definitions.store(job);
    return Reply.json(201, answer(stored)).withLocation(Definitions.path(stored.id()));
  }

  private static ObjectNode answer(StoredJob stored) {
    Schedule.At schedule = (Schedule.At) stored.job().schedule();
    Instant at = schedule.at();
    ZoneId zone = schedule.zone() == null ? ZoneOffset.UTC : schedule.zone();
    return Json.object()
        .put("id", stored.id().value())
        .put("scheduledTimeUtc", Json.instant(at))
        .put("scheduledTimeLocal", Json.local(at, zone))
        .put("timeZone", schedule.zone() == null ? "UTC" : zone.getId());
  }
}
