package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.JobReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Up to 1,000 definitions in one call. Thread-safe. */
final class BatchCall {
  private static final int MOST = 1_000;
  private static final String REFUSED = "the server failed to store this job; its log says more";

  private final JobReader reader;
  private final JobScheduler scheduler;

  BatchCall(JobReader reader, JobScheduler scheduler) {
    this.reader = reader;
    this.scheduler = scheduler;
  }

  List<Route> routes() {
    return List.of(Route.post(Dispatcher.BATCH, this::create));
  }

  /** One definition of the batch: a job, or what is wrong with it. */
  private record Item(@Nullable Job job, List<Fault> faults) {}

  private Reply create(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.object());
    boolean atomic = body.flag("atomic");
    JsonNode list = body.any("jobs");
    body.require("jobs");
    if (list != null && !list.isArray()) {
      body.fault("jobs", "json_type", "'jobs' must be an array");
    }
    body.refuseOthers();
    body.done();
    if (list == null || list.size() > MOST) {
      throw ProblemException.of(413, "batch_too_large", "at most " + MOST + " jobs in one call");
    }
    List<Item> items = read(list, exchange.proposedId());
    if (atomic) {
      refuseFaults(items);
    }
    return Reply.json(200, answer(items, store(items, atomic)));
  }

  private List<Item> read(JsonNode list, String proposedId) {
    List<Item> items = new ArrayList<>(list.size());
    JobReader once = reader.remembering(JobId.DEFAULT_NAMESPACE, List.of());
    for (int i = 0; i < list.size(); i++) {
      Faults faults = new Faults();
      Job job = null;
      if (list.get(i) instanceof ObjectNode definition) {
        job = once.read(definition, BatchIds.of(proposedId, i), faults);
      } else {
        faults.add("", "json_type", "a job is an object");
      }
      String prefix = "/jobs/" + i;
      items.add(
          new Item(
              faults.isEmpty() ? job : null,
              faults.list().stream()
                  .map(f -> new Fault(prefix + f.pointer(), f.code(), f.detail()))
                  .toList()));
    }
    return items;
  }

  private static void refuseFaults(List<Item> items) {
    List<Fault> faults = items.stream().flatMap(item -> item.faults().stream()).toList();
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.of(422, faults));
    }
  }

  /**
   * An id that is taken was created by an earlier request with the same key: ids are our own.
   *
   * @return the ids of those that were refused
   */
  private Set<JobId> store(List<Item> items, boolean atomic) {
    List<Job> jobs = new ArrayList<>();
    for (Item item : items) {
      if (item.job() != null) {
        jobs.add(item.job());
      }
    }
    if (jobs.isEmpty()) {
      return Set.of();
    }
    try {
      return scheduler.createAll(jobs, atomic).stream()
          .filter(Created::refused)
          .map(Created::id)
          .collect(Collectors.toSet());
    } catch (JobExists created) {
      // atomic: then all of them are there
      return Set.of();
    }
  }

  private static ObjectNode answer(List<Item> items, Set<JobId> refused) {
    ObjectNode body = Json.object();
    ArrayNode answers = body.putArray("items");
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      ObjectNode answer = answers.addObject();
      if (item.job() == null) {
        answer.put("status", 422);
        ArrayNode errors = answer.putArray("errors");
        item.faults().forEach(fault -> errors.add(Problem.tree(fault)));
      } else if (refused.contains(item.job().id())) {
        answer.put("status", 500);
        answer.putArray("errors").add(Problem.tree(new Fault("/jobs/" + i, "internal", REFUSED)));
      } else {
        answer.put("status", 201).put("id", item.job().id().value());
      }
    }
    return body;
  }
}
