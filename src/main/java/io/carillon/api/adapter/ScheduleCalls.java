package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Executions;
import io.carillon.execution.Progress;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Origin;
import io.carillon.job.Schedule;
import io.carillon.job.SecretRules;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.spec.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /schedule} and {@code GET /status/{jobId}}: a task after some seconds. */
final class ScheduleCalls {
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /** A thousand years: what is longer is refused by the canonical rules. */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(31_556_952_000L);

  private final Definitions definitions;
  private final Catalogue catalogue;
  private final Jobs jobs;
  private final Executions executions;
  private final InstantSource clock;

  ScheduleCalls(
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
        Route.post("/schedule", this::schedule), Route.get("/status/{jobId}", this::status));
  }

  private Reply schedule(Exchange exchange) {
    Translation in = new Translation(exchange.object());
    in.body.require("task");
    in.body.require("delaySeconds");
    JsonNode task = in.body.any("task");
    task(in, task);
    BigDecimal seconds = in.body.number("delaySeconds");
    delay(in, seconds == null ? BigDecimal.ZERO : seconds);
    Priorities.read(in);
    JsonNode callback = in.body.any("callbackUrl");
    if (callback != null) {
      ObjectNode wanted = in.canonical.putObject("callback");
      wanted.set("url", callback);
      wanted.putArray("on").add("SUCCEEDED").add("FAILED");
    }
    in.from("/callback/url", "/callbackUrl")
        .from("/schedule", "/delaySeconds")
        .from("/target", "/task");
    in.usualRetry(1, "NONE", "PT0S");
    Job job =
        in.job(
            definitions.reader(),
            exchange.newJobId(),
            Origin.Call.SCHEDULE,
            Translation.facts(
                Origin.TASK,
                plain(masked(task)),
                Origin.DELAY_SECONDS,
                plain(in.body.any("delaySeconds"))));
    StoredJob stored = definitions.store(job);
    return Reply.json(
            201, Json.object().put("jobId", stored.id().value()).put("message", "Task scheduled"))
        .withLocation(Definitions.path(stored.id()));
  }

  /** What is shown again must not hold what is kept encrypted. */
  private static @Nullable JsonNode masked(@Nullable JsonNode task) {
    if (!(task instanceof ObjectNode target)
        || !(target.get("secretHeaders") instanceof ObjectNode secrets)) {
      return task;
    }
    ObjectNode masked = target.deepCopy();
    ObjectNode names = masked.putObject("secretHeaders");
    secrets.fieldNames().forEachRemaining(name -> names.put(name, SecretRules.MASK));
    return masked;
  }

  private static @Nullable Object plain(@Nullable JsonNode node) {
    return node == null ? null : Values.of(node);
  }

  private void task(Translation in, @Nullable JsonNode task) {
    if (task instanceof ObjectNode target) {
      in.canonical.set("target", target);
    } else if (task != null && task.isTextual() && !task.textValue().isBlank()) {
      catalogue.ofText(in, task.textValue());
    } else {
      if (task != null) {
        boolean text = task.isTextual();
        in.body.fault(
            "task",
            text ? "task_empty" : "json_type",
            text ? "'task' is empty" : "'task' must be a string or an object");
      }
      in.target("noop");
    }
  }

  private static void delay(Translation in, BigDecimal seconds) {
    boolean recurring = in.body.flag("recurring");
    if (seconds.signum() < 0 || seconds.compareTo(LONGEST) > 0) {
      in.body.fault("delaySeconds", "delay_range", "'delaySeconds' is 0 or more, in seconds");
      return;
    }
    long millis = seconds.multiply(MILLIS).setScale(0, RoundingMode.HALF_UP).longValueExact();
    String length = Duration.ofMillis(millis).toString();
    if (recurring) {
      in.schedule("fixedDelay").put("every", length);
      in.from("/schedule/every", "/delaySeconds");
    } else {
      in.schedule("delay").put("delay", length);
      in.from("/schedule/delay", "/delaySeconds");
    }
  }

  private Reply status(Exchange exchange) {
    JobId id = Exchange.jobId(exchange.parameter("jobId"));
    StoredJob job = jobs.find(id).orElseThrow(() -> new UnknownJob(id));
    Standing standing = Standing.of(job, executions, clock.instant());
    Map<String, Object> facts = job.job().origin().facts();
    ObjectNode body = Json.object().put("id", id.value());
    body.set("task", Values.node(facts.getOrDefault(Origin.TASK, task(job.job()))));
    body.set(
        "delaySeconds", Values.node(facts.getOrDefault(Origin.DELAY_SECONDS, delay(job.job()))));
    body.put("status", Words.status(standing.state()))
        .put("scheduledAt", Json.instant(job.createdAt()))
        .put("executeAt", Json.instant(standing.executeAt()))
        .put("completedAt", Json.instant(standing.completedAt()))
        .put("error", standing.error());
    if (standing.running() != null) {
      Progress progress = executions.live(id.namespace(), standing.running()).progress();
      if (progress != null) {
        body.put("progress", progress.percent());
      }
    }
    return Reply.json(200, body);
  }

  /** What a job of another call does, in a word. */
  private static String task(Job job) {
    if (job.name() != null) {
      return job.name();
    }
    if (job.target() instanceof Target.Http http) {
      return http.url();
    }
    if (job.target() instanceof Target.Email) {
      return "email";
    }
    return job.target() instanceof Target.Log log ? log.message() : "noop";
  }

  private static @Nullable Object delay(Job job) {
    if (job.schedule() instanceof Schedule.Delay delay) {
      return seconds(delay.delay());
    }
    return job.schedule() instanceof Schedule.FixedDelay delay ? seconds(delay.every()) : null;
  }

  /** Without an exponent. */
  private static BigDecimal seconds(Duration length) {
    BigDecimal exact = BigDecimal.valueOf(length.toMillis(), 3).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }
}
