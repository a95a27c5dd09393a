package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Cancelled;
import io.carillon.job.JobScheduler.Put;
import io.carillon.job.JobState;
import io.carillon.job.Jobs;
import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredJob;
import io.carillon.spec.Fault;
import io.carillon.spec.JobPatch;
import io.carillon.spec.JobWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Definitions: created, read, listed, replaced, patched, cancelled. Thread-safe. */
final class JobCalls {
  private static final String ALL = "/api/v1/jobs";
  private static final String ONE = "/api/v1/jobs/{id}";
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int MOST_CALENDARS = 20;

  private final Definitions definitions;
  private final JobViews views;
  private final JobScheduler scheduler;
  private final Jobs jobs;

  JobCalls(Definitions definitions, JobViews views, JobScheduler scheduler, Jobs jobs) {
    this.definitions = definitions;
    this.views = views;
    this.scheduler = scheduler;
    this.jobs = jobs;
  }

  List<Route> routes() {
    return List.of(
        Route.post(ALL, this::create),
        Route.get(ALL, this::list),
        Route.get(ONE, this::read),
        Route.put(ONE, this::put),
        Route.patch(ONE, this::patch),
        Route.delete(ONE, this::cancel));
  }

  /** {@code POST /api/v1/jobs}. */
  Reply create(Exchange exchange) {
    exchange.noQuery();
    Job job = definitions.read(exchange.object(), exchange.newJobId());
    return views.submitted(definitions.submit(job));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    StoredJob job = find(exchange.jobId());
    // While it is active its next instant moves without a new version.
    if (job.state() != JobState.ACTIVE && exchange.has(job.version())) {
      return Reply.empty(304).withETag(job.version());
    }
    return views.reply(200, job);
  }

  private StoredJob find(JobId id) {
    return jobs.find(id).orElseThrow(() -> new UnknownJob(id));
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    Jobs.Filter filter =
        new Jobs.Filter(
            JobId.DEFAULT_NAMESPACE,
            query.word("state", JobState.class),
            query.text("queue"),
            query.text("name"),
            query.text("scheduler"),
            query.labels());
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    Page<StoredJob> page = jobs.list(filter, cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.items().forEach(job -> items.add(views.tree(job)));
    return Reply.json(200, body.put("nextCursor", page.nextCursor()));
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    Job job = replacement(exchange.object(), id);
    OptionalLong expected = exchange.ifMatch().expected(() -> jobs.find(id));
    try {
      Put put = scheduler.put(job, exchange.mustBeNew(), expected);
      return put.created() ? views.created(put.stored()) : views.reply(200, put.stored());
    } catch (JobExists exists) {
      throw exchange.mustBeNew()
          ? ProblemException.of(412, "job_exists", "there is a job of this id already")
          : exists;
    } catch (UnknownJob unknown) {
      throw new ProblemException(
          Problem.of(412, "version_stale", "If-Match asks for a version, and there is no job"));
    }
  }

  /**
   * What was valid when it was stored (an instant that is past by now) may be put again, and what
   * no body can say (which call created the job, its {@code scheduler}) stays.
   */
  private Job replacement(ObjectNode body, JobId id) {
    Optional<StoredJob> current = jobs.find(id);
    return current.isPresent()
        ? definitions.read(body, current.get().job())
        : definitions.read(body, id);
  }

  private Reply patch(Exchange exchange) {
    exchange.noQuery();
    JobId id = exchange.jobId();
    ObjectNode patch = exchange.object();
    refuseState(patch, id);
    OptionalLong expected = exchange.ifMatch().expected(() -> jobs.find(id));
    Definitions known = definitions.remembering(id.namespace(), calendars(id, patch));
    if (JobPatch.looksUp(patch)) {
      // Its task and secrets are looked up here, not in the transaction.
      patched(known, find(id).job(), patch);
    }
    StoredJob changed = scheduler.change(id, expected, current -> patched(known, current, patch));
    return views.reply(200, changed);
  }

  private static Job patched(Definitions definitions, Job current, ObjectNode patch) {
    return definitions.read(JobPatch.apply(new JobWriter().write(current), patch), current);
  }

  /** What a change of the schedule may name: nothing is looked up inside the transaction. */
  private Set<String> calendars(JobId id, ObjectNode patch) {
    Set<String> names = new HashSet<>();
    if (patch.hasNonNull("schedule")) {
      JsonNode given = patch.get("schedule").path("calendars");
      for (int i = 0; i < Math.min(given.size(), MOST_CALENDARS); i++) {
        names.add(given.path(i).asText());
      }
      names.addAll(find(id).job().schedule().limits().calendars());
    }
    return names;
  }

  /** A client may send back what it has read; another state would be lost without a word. */
  private void refuseState(ObjectNode patch, JobId id) {
    JsonNode state = patch.get("state");
    if (state != null && !state.asText().equals(find(id).state().name())) {
      throw ProblemException.of(
          422,
          List.of(
              new Fault(
                  "/state",
                  "field_read_only",
                  "'state' is changed by POST /pause, POST /resume and DELETE")));
    }
  }

  private Reply cancel(Exchange exchange) {
    JobId id = exchange.jobId();
    Query query = exchange.query();
    boolean running = query.word("running", Running.class) == Running.cancel;
    query.done();
    OptionalLong expected = exchange.ifMatch().expected(() -> jobs.find(id));
    Cancelled cancelled = scheduler.cancel(id, expected, running);
    ObjectNode body =
        Json.object().put("id", id.value()).put("state", cancelled.stored().state().name());
    cancelled.running().forEach(body.putArray("running")::add);
    return Reply.json(200, body).withETag(cancelled.stored().version());
  }

  /** What becomes of calls that run; spelt as in the query. */
  private enum Running {
    cancel,
    finish
  }
}
