package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Backfilled;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Runs planned instants of the past after the fact, or counts them. Thread-safe. */
final class BackfillCall {
  private final JobScheduler scheduler;
  private final InstantSource clock;

  BackfillCall(JobScheduler scheduler, InstantSource clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.post("/api/v1/jobs/{id}/backfill", this::backfill));
  }

  private Reply backfill(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Body body = new Body(exchange.objectOrEmpty());
    body.require("from");
    body.require("to");
    Instant from = body.instant("from");
    Instant to = body.instant("to");
    boolean preview = body.flag("preview");
    if (from != null && to != null && to.isBefore(from)) {
      body.fault("to", "end_before_start", "'to' is before 'from'");
    }
    if (to != null && to.isAfter(clock.instant())) {
      body.fault("to", "at_in_future", "what is still to come runs by itself");
    }
    body.refuseOthers();
    body.done();
    if (from == null || to == null) {
      throw new IllegalStateException("both are required");
    }
    return reply(id, scheduler.backfill(id, from, to, preview), preview);
  }

  private static Reply reply(JobId id, Backfilled done, boolean preview) {
    ObjectNode tree =
        Json.object()
            .put("planned", done.planned())
            .put("alreadyRun", done.begun())
            .put("toRun", done.planned() - done.begun());
    if (preview) {
      return Reply.json(200, tree);
    }
    ArrayNode executions = tree.putArray("executions");
    done.executions().forEach(executions::add);
    return Reply.json(202, tree).withLocation("/api/v1/jobs/" + id.value() + "/executions");
  }
}
