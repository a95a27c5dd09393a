package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.JobExceptions.UnknownQueue;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings.Rate;
import io.carillon.job.Queues;
import io.carillon.job.Queues.Standing;
import io.carillon.job.StoredQueue;
import io.carillon.spec.Faults;
import io.carillon.spec.QueueReader;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Queues: listed, read, set, paused and resumed. Thread-safe. */
final class QueueCalls {
  private static final String ALL = "/api/v1/queues";
  private static final String ONE = "/api/v1/queues/{name}";
  private static final String NAMESPACE = JobId.DEFAULT_NAMESPACE;

  private final Queues queues;
  private final InstantSource clock;

  QueueCalls(Queues queues, InstantSource clock) {
    this.queues = queues;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get(ONE, this::read),
        Route.put(ONE, this::put),
        Route.post(ONE + "/pause", this::pause),
        Route.post(ONE + "/resume", this::resume));
  }

  private Reply list(Exchange exchange) {
    exchange.noQuery();
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    queues.list(NAMESPACE).forEach(standing -> items.add(tree(standing.queue(), null)));
    return Reply.json(200, body);
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    String name = exchange.parameter("name");
    Standing found = queues.find(NAMESPACE, name).orElseThrow(() -> new UnknownQueue(name));
    return reply(200, found.queue(), found.figures());
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    Faults faults = new Faults();
    String name = exchange.parameter("name");
    QueueReader.checkName(name, faults);
    QueueReader.Said said = QueueReader.read(exchange.object(), name, faults);
    if (!faults.isEmpty()) {
      throw ProblemException.of(422, faults.list());
    }
    Queues.Put put =
        queues.put(
            NAMESPACE,
            name,
            said.settings(),
            said.paused(),
            exchange.ifMatch().expectedOf(() -> version(name)));
    return reply(put.created() ? 201 : 200, put.queue(), null);
  }

  private OptionalLong version(String name) {
    return queues
        .find(NAMESPACE, name)
        .map(found -> OptionalLong.of(found.queue().version()))
        .orElse(OptionalLong.empty());
  }

  private Reply pause(Exchange exchange) {
    exchange.noQuery();
    String name = exchange.parameter("name");
    Body body = new Body(exchange.objectOrEmpty());
    QueueReader.checkName(name, body.faults());
    PauseInput why = PauseInput.read(body, clock.instant());
    body.refuseOthers();
    body.done();
    return reply(202, queues.pause(NAMESPACE, name, why.reason(), why.until()), null);
  }

  private Reply resume(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.objectOrEmpty());
    body.refuseOthers();
    body.done();
    return reply(202, queues.resume(NAMESPACE, exchange.parameter("name")), null);
  }

  private static Reply reply(int status, StoredQueue queue, Queues.@Nullable Figures figures) {
    return Reply.json(status, tree(queue, figures)).withETag(queue.version());
  }

  private static ObjectNode tree(StoredQueue queue, Queues.@Nullable Figures figures) {
    ObjectNode tree = Json.object().put("name", queue.name());
    Rate rate = queue.settings().rate();
    tree.put("concurrency", queue.settings().concurrency());
    if (rate == null) {
      tree.putNull("rate");
    } else {
      tree.putObject("rate")
          .put("permits", rate.permits())
          .put("per", rate.per().toString())
          .put("burst", rate.burst());
    }
    tree.put("perHostConcurrency", queue.settings().perHostConcurrency());
    tree.put("paused", queue.paused());
    if (queue.pause() != null) {
      tree.putObject("pause")
          .put("reason", queue.pause().reason())
          .put("until", Json.instant(queue.pause().until()))
          .put("since", Json.instant(queue.lastPauseFrom()));
    }
    if (figures != null) {
      tree.putObject("counts")
          .put("planned", figures.planned())
          .put("paused", figures.paused())
          .put("running", figures.running())
          .put("held", figures.held());
    }
    tree.put("version", queue.version());
    tree.putArray("warnings");
    return tree;
  }
}
