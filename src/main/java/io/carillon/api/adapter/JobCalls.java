package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Executions;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Origin;
import io.carillon.job.StoredJob;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /job}, {@code GET /Job} and {@code GET /job}: a named task with parameters. */
final class JobCalls {
  private static final int MOST_SHOWN = 200;
  private static final Set<ExecutionState> SHOWN =
      EnumSet.complementOf(EnumSet.of(ExecutionState.SKIPPED));

  private final Definitions definitions;
  private final Catalogue catalogue;
  private final Jobs jobs;
  private final Executions executions;
  private final InstantSource clock;

  JobCalls(
      Definitions definitions,
      Catalogue catalogue,
      Jobs jobs,
      Executions executions,
      InstantSource clock) {
    this.definitions = definitions;
    this.catalogue = catalogue;
    this.jobs = jobs;
    this.executions = executions;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/job", this::create),
        Route.get("/job", this::read),
        Route.get("/Job", this::read));
  }

  private Reply create(Exchange exchange) {
    Translation in = new Translation(exchange.object());
    in.body.require("task_id");
    in.body.require("scheduler");
    String task = in.body.text("task_id");
    String scheduler = in.body.text("scheduler");
    if (scheduler != null && (scheduler.isBlank() || scheduler.length() > 190)) {
      in.body.fault("scheduler", "name_too_long", "'scheduler' has 1 to 190 characters");
    }
    ObjectNode parameters = in.body.object("parameters");
    task(in, task, parameters);
    schedule(in);
    in.usualRetry(5, "EXPONENTIAL", "PT2S");
    Job job =
        in.job(
            definitions.reader(),
            exchange.newJobId(),
            Origin.Call.JOB,
            Translation.facts(Origin.TASK, task, Origin.SCHEDULER, scheduler));
    StoredJob stored = definitions.store(job);
    String id = stored.id().value();
    ObjectNode answer = Json.object().put("job_id", id);
    Warnings.add(answer, definitions.reader(), stored.job());
    return Reply.json(200, answer).with("Job-Id", id).withLocation(Definitions.path(stored.id()));
  }

  private void task(Translation in, @Nullable String task, @Nullable ObjectNode parameters) {
    if (task != null && Catalogue.BUILT_IN.contains(task)) {
      Catalogue.builtIn(in, task, parameters, "/parameters");
    } else if (task == null
        || !catalogue.isStored(in, task, parameters, "/task_id", "/parameters")) {
      if (task != null) {
        catalogue.unknown(in, task, "task_id");
      }
      in.target("noop");
    }
  }

  /** A cron text within its window; or once, at the start time or now. */
  private void schedule(Translation in) {
    boolean cron = in.body.has("schedule");
    Instant start = moment(in.body.text("execution_start_time"));
    Instant end = moment(in.body.text("execution_end_time"));
    Instant now = clock.instant();
    boolean begun = start != null && start.isBefore(now) && end != null && end.isAfter(now);
    boolean once = in.body.has("execution_start_time") && !begun;
    if (cron) {
      in.schedule("cron");
      in.copy("schedule", schedule(in.canonical), "/schedule/cron");
    } else {
      in.schedule(once ? "at" : "now");
    }
    if (once && !cron) {
      in.copy("execution_start_time", schedule(in.canonical), "/schedule/at");
    } else {
      in.copy("execution_start_time", schedule(in.canonical), "/schedule/startAt");
    }
    in.copy("execution_end_time", schedule(in.canonical), "/schedule/endAt");
    in.from("/schedule", cron ? "/schedule" : "/execution_start_time");
  }

  private static ObjectNode schedule(ObjectNode canonical) {
    return (ObjectNode) canonical.get("schedule");
  }

  /** Null also for what is no instant: the canonical rules tell that. */
  private static @Nullable Instant moment(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private Reply read(Exchange exchange) {
    Query query = exchange.query();
    String text = query.required("id");
    Instant from = query.instant("execution_start_time");
    Instant to = query.instant("execution_end_time");
    query.doneWithOthers();
    JobId id = Exchange.jobId(text);
    StoredJob job = jobs.find(id).orElseThrow(() -> new UnknownJob(id));
    ObjectNode body =
        Json.object()
            .put("id", id.value())
            .put("job_id", id.value())
            .put("status", Words.job(Standing.of(job, executions, clock.instant()).state()));
    String scheduler = job.job().origin().scheduler();
    if (scheduler != null) {
      body.put("scheduler", scheduler);
    }
    Executions.Filter filter =
        new Executions.Filter(id.namespace(), id, SHOWN, null, from, to, Map.of());
    ArrayNode list = body.putArray("executions");
    for (Execution execution : executions.list(filter, null, MOST_SHOWN).items()) {
      list.addObject()
          .put("execution_id", execution.id().value())
          .put("scheduled_time", Json.instant(execution.scheduledAt()))
          .put("status", Words.job(execution.state()));
    }
    return Reply.json(200, body).with("Job-Id", id.value());
  }
}
