package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Executions;
import io.carillon.execution.Followed;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Jobs.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** History: executions of a job, of all, one with its attempts. Thread-safe. */
final class ExecutionCalls {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final Executions executions;
  private final Followed.Reader followed;
  private final Jobs jobs;

  ExecutionCalls(Executions executions, Followed.Reader followed, Jobs jobs) {
    this.executions = executions;
    this.followed = followed;
    this.jobs = jobs;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/jobs/{id}/executions", this::ofJob),
        Route.get("/api/v1/executions", exchange -> list(exchange.query(), null)),
        Route.get("/api/v1/executions/{id}", this::read),
        Route.get("/api/v1/executions/{id}/attempts", this::attempts));
  }

  private Reply ofJob(Exchange exchange) {
    JobId id = exchange.jobId();
    if (jobs.find(id).isEmpty()) {
      throw new UnknownJob(id);
    }
    return list(exchange.query(), id);
  }

  private Reply list(Query query, @Nullable JobId job) {
    Executions.Filter filter =
        new Executions.Filter(
            JobId.DEFAULT_NAMESPACE,
            job,
            query.words("state", ExecutionState.class),
            query.text("queue"),
            query.instant("from"),
            query.instant("to"),
            query.labels(),
            query.text("reason"));
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    Page<Execution> page = executions.list(filter, cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.items().forEach(execution -> items.add(ExecutionViews.tree(execution)));
    return Reply.json(200, body.put("nextCursor", page.nextCursor()));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    Execution execution = find(exchange);
    ObjectNode body = ExecutionViews.tree(execution);
    ExecutionViews.add(body, executions.live(JobId.DEFAULT_NAMESPACE, execution.id()));
    body.set("attempts", attempts(execution));
    ArrayNode followers = body.putArray("followed");
    followed
        .of(JobId.DEFAULT_NAMESPACE, execution.id())
        .forEach(one -> followers.add(ExecutionViews.tree(one)));
    return Reply.json(200, body);
  }

  private Reply attempts(Exchange exchange) {
    exchange.noQuery();
    ObjectNode body = Json.object();
    body.set("items", attempts(find(exchange)));
    return Reply.json(200, body.putNull("nextCursor"));
  }

  private Execution find(Exchange exchange) {
    return executions
        .find(JobId.DEFAULT_NAMESPACE, exchange.executionId())
        .orElseThrow(() -> ProblemException.notFound("execution"));
  }

  private ArrayNode attempts(Execution execution) {
    List<Attempt> attempts = executions.attempts(JobId.DEFAULT_NAMESPACE, execution.id());
    ArrayNode list = Json.object().putArray("attempts");
    attempts.forEach(attempt -> list.add(ExecutionViews.tree(attempt)));
    return list;
  }
}
