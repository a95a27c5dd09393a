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
import io.carillon.execution.DeadLetters;
import io.carillon.execution.DeadLetters.Letter;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Executions;
import io.carillon.execution.Redrives;
import io.carillon.execution.Redrives.Redriven;
import io.carillon.execution.Redrives.Refusal;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Jobs.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dead letters: listed, looked at, redriven, purged. Thread-safe. */
final class DeadLetterCalls {
  private static final String ALL = "/api/v1/dead-letters";
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  /** Of one call; whoever has more calls again. */
  private static final int MOST = 10_000;

  /** Of ids in an answer. */
  private static final int SHOWN = 100;

  private final DeadLetters letters;
  private final Redrives redrives;
  private final Executions executions;
  private final Jobs jobs;
  private final JobViews views;

  DeadLetterCalls(
      DeadLetters letters, Redrives redrives, Executions executions, Jobs jobs, JobViews views) {
    this.letters = letters;
    this.redrives = redrives;
    this.executions = executions;
    this.jobs = jobs;
    this.views = views;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get(ALL + "/{id}", this::read),
        Route.post(ALL + "/redrive", this::redrive),
        Route.post(ALL + "/purge", this::purge));
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    String job = query.text("job");
    DeadLetters.Filter filter =
        new DeadLetters.Filter(
            JobId.DEFAULT_NAMESPACE,
            job == null || !JobId.isValid(job) ? null : JobId.of(job),
            query.text("queue"),
            query.text("reason"),
            query.instant("from"),
            query.instant("to"),
            query.labels());
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    if (job != null && !JobId.isValid(job)) {
      throw ProblemException.of(400, "parameter_invalid", "job must be the id of a job");
    }
    Page<Letter> page = letters.list(filter, cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.items().forEach(letter -> items.add(tree(letter)));
    return Reply.json(200, body.put("nextCursor", page.nextCursor()));
  }

  private static ObjectNode tree(Letter letter) {
    return ExecutionViews.tree(letter.execution()).put("diedAt", Json.instant(letter.diedAt()));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    ExecutionId id =
        ExecutionId.parse(exchange.parameter("id"))
            .orElseThrow(() -> ProblemException.notFound("dead letter"));
    Letter letter =
        letters
            .find(JobId.DEFAULT_NAMESPACE, id)
            .orElseThrow(() -> ProblemException.notFound("dead letter"));
    ObjectNode body = tree(letter);
    body.set("job", jobs.find(letter.execution().jobId()).map(views::tree).orElse(null));
    ArrayNode attempts = body.putArray("attempts");
    executions
        .attempts(JobId.DEFAULT_NAMESPACE, id)
        .forEach(attempt -> attempts.add(ExecutionViews.tree(attempt)));
    if (attempts.isEmpty()) {
      // History has forgotten it: the letter knows the last one.
      Attempt last = last(letter.execution());
      if (last != null) {
        attempts.add(ExecutionViews.tree(last));
      }
    }
    return Reply.json(200, body);
  }

  private static @Nullable Attempt last(Execution execution) {
    Instant started = execution.startedAt();
    String node = execution.node();
    return started == null || node == null
        ? null
        : new Attempt(
            execution.attempt(),
            node,
            started,
            execution.finishedAt(),
            execution.httpStatus(),
            execution.reason(),
            execution.error(),
            true);
  }

  private Reply redrive(Exchange exchange) {
    exchange.noQuery();
    LetterSelection wanted = LetterSelection.read(exchange.object(), true);
    DeadLetters.Filter filter = wanted.filter();
    List<ExecutionId> ids = filter == null ? wanted.ids() : letters.redrivable(filter, MOST + 1);
    int matched = Math.min(MOST, ids.size());
    Redriven redriven =
        redrives.redrive(JobId.DEFAULT_NAMESPACE, ids.subList(0, matched), wanted.pace());
    ObjectNode body =
        Json.object().put("matched", matched).put("redriven", redriven.planned().size());
    ArrayNode shown = body.putArray("executions");
    redriven.planned().entrySet().stream()
        .limit(SHOWN)
        .forEach(
            entry ->
                shown
                    .addObject()
                    .put("id", entry.getKey().value())
                    .put("attemptAt", Json.instant(entry.getValue())));
    refused(body, redriven.refused());
    body.put("lastAt", Json.instant(redriven.last()));
    return Reply.json(202, body.put("more", redriven.left() > 0 || matched < ids.size()));
  }

  /** All of those that were named are told; a filter names none. */
  private static void refused(ObjectNode body, Map<ExecutionId, Refusal> refused) {
    ArrayNode list = body.putArray("refused");
    refused.forEach(
        (id, why) ->
            list.addObject()
                .put("id", id.value())
                .put("code", why == Refusal.NOT_FOUND ? "not_found" : "job_gone")
                .put(
                    "detail",
                    why == Refusal.NOT_FOUND
                        ? "there is no such dead letter, or not any more"
                        : "its job was cancelled or is gone: put it again, or purge the letter"));
  }

  private Reply purge(Exchange exchange) {
    exchange.noQuery();
    LetterSelection wanted = LetterSelection.read(exchange.object(), false);
    DeadLetters.Filter filter = wanted.filter();
    List<ExecutionId> ids = filter == null ? wanted.ids() : letters.select(filter, MOST + 1);
    int matched = Math.min(MOST, ids.size());
    int purged = letters.purge(JobId.DEFAULT_NAMESPACE, ids.subList(0, matched));
    return Reply.json(
        200,
        Json.object()
            .put("matched", matched)
            .put("purged", purged)
            .put("more", matched < ids.size()));
  }
}
