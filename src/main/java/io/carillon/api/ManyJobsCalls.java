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
import java.time.InstantSource;
import java.util.List;

/** Acts on all jobs with some labels, or in a queue. Thread-safe. */
final class ManyJobsCalls {
  /** Of one call; whoever has more calls again. */
  private static final int MOST = 10_000;

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
    return reply(found, scheduler.pauseAll(bounded(found), why.reason(), why.until()));
  }

  private Reply resume(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.object());
    Selection selection = SelectionReader.read(exchange.object(), List.of(), body.faults());
    body.done();
    List<JobId> found = select(selection, JobState.PAUSED);
    return reply(found, scheduler.resumeAll(bounded(found)));
  }

  /** Those in the state that the act changes: so that a further call goes on with the rest. */
  private List<JobId> select(Selection selection, JobState state) {
    return jobs.select(
        new Jobs.Filter(
            JobId.DEFAULT_NAMESPACE, state, selection.queue(), null, null, selection.labels()),
        MOST + 1);
  }

  private static List<JobId> bounded(List<JobId> found) {
    return found.subList(0, Math.min(MOST, found.size()));
  }

  private static Reply reply(List<JobId> found, List<JobId> changed) {
    ObjectNode body =
        Json.object().put("matched", Math.min(MOST, found.size())).put("changed", changed.size());
    ArrayNode ids = body.putArray("ids");
    changed.stream().limit(SHOWN).forEach(id -> ids.add(id.value()));
    return Reply.json(200, body.put("more", found.size() > MOST));
  }
}
