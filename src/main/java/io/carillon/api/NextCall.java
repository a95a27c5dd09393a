package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.Exclusions;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Jobs;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.spec.JobReader;
import io.carillon.spec.Upcoming;
import java.time.InstantSource;
import java.util.List;

/** The next instants of a job. Thread-safe. */
final class NextCall {
  private static final int USUAL = 10;
  private static final int MOST = 1_000;

  private final Jobs jobs;
  private final JobReader reader;
  private final InstantSource clock;

  NextCall(Jobs jobs, JobReader reader, InstantSource clock) {
    this.jobs = jobs;
    this.reader = reader;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.get("/api/v1/jobs/{id}/next", this::next));
  }

  private Reply next(Exchange exchange) {
    JobId id = exchange.jobId();
    Query query = exchange.query();
    int count = query.integer("count", USUAL, 1, MOST);
    boolean passedOver = query.flag("passedOver", true);
    query.done();
    StoredJob job = jobs.find(id).orElseThrow(() -> new UnknownJob(id));
    ObjectNode body = Json.object();
    ArrayNode next = body.putArray("next");
    if (job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED) {
      Schedule schedule = job.job().schedule();
      Exclusions exclusions = reader.exclusions(id.namespace(), schedule);
      TickViews.add(
          next, Upcoming.of(job, exclusions, clock.instant(), count, passedOver), schedule);
    }
    return Reply.json(200, body);
  }
}
