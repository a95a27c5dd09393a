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
import io.carillon.execution.JobKeys;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.JobReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Up to 1,000 definitions in one call. Thread-safe. */
final class BatchCall {
  private static final int MOST = 1_000;

  /** Of an atomic batch, as nothing fires while its one transaction changes other jobs. */
  private static final int MOST_CHANGES = 100;

  private static final String DUPLICATE = "duplicate_job";
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
      refuseChanges(items);
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

  private static void refuseChanges(List<Item> items) {
    long changes =
        items.stream()
            .map(Item::job)
            .filter(job -> job != null && JobKeys.mayChangeOthers(job))
            .count();
    if (changes > MOST_CHANGES) {
      throw ProblemException.of(
          422,
          "batch_changes_too_many",
          "at most "
              + MOST_CHANGES
              + " jobs of an atomic batch may replace or put off others; this one has "
              + changes);
    }
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
   * @return what became of those that are neither stored nor taken
   */
  private Map<JobId, Created> store(List<Item> items, boolean atomic) {
    List<Job> jobs = new ArrayList<>();
    for (Item item : items) {
      if (item.job() != null) {
        jobs.add(item.job());
      }
    }
    if (jobs.isEmpty()) {
      return Map.of();
    }
    try {
      return others(scheduler.createAll(jobs, atomic));
    } catch (JobExists created) {
      // Atomic: then all of them were done, and each says again what became of it.
      return others(scheduler.createAll(jobs, false));
    } catch (DuplicateJob duplicate) {
      throw refused(items, duplicate);
    }
  }

  private static Map<JobId, Created> others(List<Created> all) {
    return all.stream()
        .filter(created -> created.refused() || created.met() != null)
        .collect(Collectors.toMap(Created::id, created -> created));
  }

  private static ProblemException refused(List<Item> items, DuplicateJob duplicate) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Job job = items.get(i).job();
      JobId existing = job == null ? null : duplicate.existing().get(job.id());
      if (existing != null) {
        faults.add(duplicate(i, existing));
      }
    }
    return new ProblemException(
        Problem.of(409, DUPLICATE, faults.size() + " of the jobs have keys that other jobs have")
            .withErrors(faults));
  }

  private static Fault duplicate(int place, JobId existing) {
    return new Fault(
        "/jobs/" + place + "/dedup",
        DUPLICATE,
        "job " + existing.value() + " has this key already");
  }

  private static ObjectNode answer(List<Item> items, Map<JobId, Created> others) {
    ObjectNode body = Json.object();
    ArrayNode answers = body.putArray("items");
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      ObjectNode answer = answers.addObject();
      Job job = item.job();
      if (job == null) {
        answer.put("status", 422);
        ArrayNode errors = answer.putArray("errors");
        item.faults().forEach(fault -> errors.add(Problem.tree(fault)));
        continue;
      }
      Created other = others.get(job.id());
      Met met = other == null ? null : other.met();
      if (met != null) {
        met(answer, i, met);
      } else if (other != null) {
        answer.put("status", 500);
        answer.putArray("errors").add(Problem.tree(new Fault("/jobs/" + i, "internal", REFUSED)));
      } else {
        answer.put("status", 201).put("id", job.id().value());
      }
    }
    return body;
  }

  private static void met(ObjectNode answer, int place, Met met) {
    JobId id = met.job().id();
    if (met.how() == Met.How.REJECTED) {
      answer.put("status", 409).put("id", id.value());
      answer.putArray("errors").add(Problem.tree(duplicate(place, id)));
    } else {
      answer.put("status", 200).put("id", id.value()).put("deduplicated", met.how().name());
    }
  }
}
