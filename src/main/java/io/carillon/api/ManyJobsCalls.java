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
import io.carillon.job.JobState;
import io.carillon.job.Jobs;
import io.carillon.spec.SelectionReader;
import io.carillon.spec.SelectionReader.Selection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Acts on all jobs with some labels, or in a queue. Thread-safe. */
final class ManyJobsCalls {
  /** Of one call; whoever has more calls again. */
  private static final int MOST = 10_000;

  private static final int PART = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int SHOWN = 100;

  private final JobScheduler scheduler;
  private final Jobs jobs;
  private final InstantSource clock;

  ManyJobsCalls(JobScheduler scheduler, Jobs jobs, InstantSource clock) {
    this.scheduler = scheduler;
    this.jobs = jobs;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/jobs:pause", this::pause),
        Route.post("/api/v1/jobs:resume", this::resume));
  }

  private Reply pause(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.object());
    PauseInput why = PauseInput.read(body, clock.instant());
    Selection selection =
        SelectionReader.read(exchange.object(), List.of("reason", "until"), body.faults());
    body.done();
    List<JobId> found = select(selection, JobState.ACTIVE);
    return act(found, some -> scheduler.pauseAll(some, why.reason(), why.until()));
  }

  private Reply resume(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.object());
    Selection selection = SelectionReader.read(exchange.object(), List.of(), body.faults());
    body.done();
    List<JobId> found = select(selection, JobState.PAUSED);
    return act(found, scheduler::resumeAll);
  }

  /** Those in the state that the act changes: so that a further call goes on with the rest. */
  private List<JobId> select(Selection selection, JobState state) {
    return jobs.select(
        new Jobs.Filter(
            JobId.DEFAULT_NAMESPACE, state, selection.queue(), null, null, selection.labels()),
        MOST + 1);
  }

  /** A part at a time, and no longer than a client waits for an answer. */
  private static Reply act(List<JobId> found, UnaryOperator<List<JobId>> act) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int matched = Math.min(MOST, found.size());
    List<JobId> changed = new ArrayList<>();
    int from = 0;
    while (from < matched && System.nanoTime() < deadline) {
      int to = Math.min(matched, from + PART);
      changed.addAll(act.apply(found.subList(from, to)));
      from = to;
    }
    ObjectNode body = Json.object().put("matched", matched).put("changed", changed.size());
    ArrayNode ids = body.putArray("ids");
    changed.stream().limit(SHOWN).forEach(id -> ids.add(id.value()));
    return Reply.json(200, body.put("more", from < found.size()));
  }
}
