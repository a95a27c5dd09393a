package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Call;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Execution;
import io.carillon.execution.Executions;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Origin;
import io.carillon.job.StoredJob;
import io.carillon.spec.Fault;
import io.carillon.spec.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code POST /jobs}, whose body tells which of three calls it is, and {@code GET
 * /jobs/{job_id}/executions}.
 */
final class JobsCalls {
  private static final List<String> SHAPES = List.of("api_endpoint", "data", "target");
  private static final int USUAL = 5;
  private static final int MOST = 200;

  private final Definitions definitions;
  private final QueueShape queue;
  private final Call canonical;
  private final Jobs jobs;
  private final Executions executions;

  /**
   * @param canonical {@code POST /api/v1/jobs}
   */
  JobsCalls(
      Definitions definitions,
      Catalogue catalogue,
      Call canonical,
      Jobs jobs,
      Executions executions) {
    this.definitions = definitions;
    this.queue = new QueueShape(definitions, catalogue);
    this.canonical = canonical;
    this.jobs = jobs;
    this.executions = executions;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/jobs", this::create),
        Route.get("/jobs/{job_id}/executions", this::executions));
  }

  private Reply create(Exchange exchange) {
    ObjectNode body = exchange.object();
    List<String> shapes = SHAPES.stream().filter(body::has).toList();
    if (shapes.isEmpty() && body.has("task")) {
      return canonical.answer(exchange);
    }
    if (shapes.size() != 1) {
      throw ProblemException.of(422, List.of(new Fault("", "shape_ambiguous", accepted(shapes))));
    }
    return switch (shapes.get(0)) {
      case "api_endpoint" -> endpoint(exchange, body);
      case "data" -> queue.create(exchange, body);
      default -> canonical.answer(exchange);
    };
  }

  private static String accepted(List<String> found) {
    return "the body has "
        + (found.isEmpty() ? "none" : String.join(" and ", found))
        + " of these and must have exactly one: api_endpoint (with schedule and type), "
        + "data (with name, queue and opts), target or task (as in POST /api/v1/jobs)";
  }

  private Reply endpoint(Exchange exchange, ObjectNode body) {
    Translation in = new Translation(body);
    in.body.require("schedule");
    in.body.require("api_endpoint");
    JsonNode type = in.body.any("type");
    if (type != null && !type.equals(StrictJson.object().textNode("ATLEAST_ONCE"))) {
      in.body.fault("type", "type_unknown", "'type' must be ATLEAST_ONCE");
    }
    ObjectNode target = in.target("http").put("method", "POST");
    target.putObject("body");
    in.copy("api_endpoint", target, "/target/url");
    ObjectNode schedule = in.schedule("cron");
    in.copy("schedule", schedule, "/schedule/cron");
    in.retry(2, "FIXED", "PT1S");
    StoredJob stored =
        definitions.store(
            in.job(
                definitions.reader(),
                exchange.newJobId(),
                Origin.Call.API_ENDPOINT,
                Map.of("type", "ATLEAST_ONCE")));
    ObjectNode answer =
        Json.object()
            .put("job_id", stored.id().value())
            .put("schedule", body.path("schedule").asText())
            .put("api_endpoint", body.path("api_endpoint").asText())
            .put("type", "ATLEAST_ONCE")
            .put("created_at", Json.instant(stored.createdAt()));
    Warnings.add(answer, definitions.reader(), stored.job());
    return Reply.json(201, answer).withLocation(Definitions.path(stored.id()));
  }

  private Reply executions(Exchange exchange) {
    JobId id = Exchange.jobId(exchange.parameter("job_id"));
    Query query = exchange.query();
    int limit = query.integer("limit", USUAL, 1, MOST);
    query.doneWithOthers();
    if (jobs.find(id).isEmpty()) {
      throw new UnknownJob(id);
    }
    Executions.Filter filter =
        new Executions.Filter(id.namespace(), id, Standing.FINISHED, null, null, null, Map.of());
    Stream<ObjectNode> items =
        executions.list(filter, null, limit).items().stream().map(JobsCalls::tree);
    return Reply.json(200, StrictJson.object().arrayNode().addAll(items.toList()));
  }

  private static ObjectNode tree(Execution execution) {
    return Json.object()
        .put("execution_id", execution.id().value())
        .put("job_id", execution.jobId().value())
        .put(
            "timestamp",
            Json.instant(
                execution.startedAt() == null ? execution.scheduledAt() : execution.startedAt()))
        .put("status", Words.execution(execution.state()))
        .put("http_status", execution.httpStatus())
        .put("duration_ms", Json.millis(execution.duration()));
  }
}
