package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredTask;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import io.carillon.job.Tasks.Conflict;
import io.carillon.job.Tasks.Put;
import io.carillon.spec.Faults;
import io.carillon.spec.TaskReader;
import io.carillon.spec.TaskWriter;
import java.util.List;
import java.util.OptionalLong;

/** The catalogue of tasks: stored, read, listed, removed. Thread-safe. */
final class TaskCalls {
  private static final String ALL = "/api/v1/tasks";
  private static final String ONE = "/api/v1/tasks/{id}";
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  /** What the calls of the source documents understand by themselves. */
  private static final List<String> BUILT_IN = List.of("http", "log", "noop");

  private final TaskReader reader;
  private final Tasks tasks;

  TaskCalls(TaskReader reader, Tasks tasks) {
    this.reader = reader;
    this.tasks = tasks;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get(ONE, this::read),
        Route.put(ONE, this::put),
        Route.delete(ONE, this::delete));
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    Page<StoredTask> page = tasks.list(JobId.DEFAULT_NAMESPACE, cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.items().forEach(task -> items.add(tree(task)));
    return Reply.json(200, body.put("nextCursor", page.nextCursor()));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    StoredTask task = tasks.find(id(exchange)).orElseThrow(TaskCalls::unknown);
    return exchange.has(task.version())
        ? Reply.empty(304).withETag(task.version())
        : Reply.json(200, tree(task)).withETag(task.version());
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    TaskId id = id(exchange);
    ObjectNode body = exchange.object();
    Faults faults = new Faults();
    if (BUILT_IN.contains(id.value())) {
      faults.add("", "task_built_in", "'" + id.value() + "' is built in; take another id");
    }
    Task task = reader.read(body, id, faults);
    if (task == null || !faults.isEmpty()) {
      throw ProblemException.of(Definitions.status(faults.list()), faults.list());
    }
    try {
      Put put = tasks.put(task, exchange.mustBeNew(), expected(exchange, id));
      Reply reply =
          Reply.json(put.created() ? 201 : 200, tree(put.stored()))
              .withETag(put.stored().version());
      return put.created() ? reply.withLocation(ALL + "/" + id.value()) : reply;
    } catch (Conflict conflict) {
      throw exchange.mustBeNew() && conflict.current() > 0
          ? ProblemException.of(412, "task_exists", "there is a task of this id already")
          : ProblemException.stale("task", conflict.current());
    }
  }

  private Reply delete(Exchange exchange) {
    exchange.noQuery();
    TaskId id = id(exchange);
    try {
      if (!tasks.delete(id, expected(exchange, id))) {
        throw unknown();
      }
    } catch (Conflict conflict) {
      throw ProblemException.stale("task", conflict.current());
    }
    return Reply.empty(204);
  }

  private OptionalLong expected(Exchange exchange, TaskId id) {
    return exchange
        .ifMatch()
        .expectedOf(
            () ->
                tasks
                    .find(id)
                    .map(task -> OptionalLong.of(task.version()))
                    .orElse(OptionalLong.empty()));
  }

  private static TaskId id(Exchange exchange) {
    String id = exchange.parameter("id");
    if (!TaskId.isValid(id)) {
      throw unknown();
    }
    return TaskId.of(id);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("task");
  }

  private static ObjectNode tree(StoredTask stored) {
    return new TaskWriter()
        .write(stored.task())
        .put("version", stored.version())
        .put("createdAt", Json.instant(stored.createdAt()))
        .put("updatedAt", Json.instant(stored.updatedAt()));
  }
}
