package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Progress;
import io.carillon.execution.RunPorts;
import io.carillon.execution.Runs;
import io.carillon.job.JobId;
import io.carillon.spec.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Acts on single executions: cancel and retry by people, progress and complete by targets, which
 * show the token of their call instead of a key. Thread-safe.
 */
final class RunCalls {
  private static final String ONE = "/api/v1/executions/{id}";
  private static final Pattern BY_TOKEN =
      Pattern.compile("/api/v1/executions/[^/]+/(progress|complete)");

  /** Read from callers of whom nothing is known yet. */
  static final long LARGEST_REPORT = 128L * 1024;

  private static final int LONGEST_ERROR = 1_000;
  private static final String BEARER = "Bearer ";

  private final RunPorts ports;
  private final InstantSource clock;

  RunCalls(RunPorts ports, InstantSource clock) {
    this.ports = ports;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post(ONE + "/cancel", this::cancel),
        Route.post(ONE + "/retry", this::retry),
        Route.post(ONE + "/progress", this::progress),
        Route.post(ONE + "/complete", this::complete));
  }

  /**
   * Whether a call shows the token of an execution, not a key. Nothing is kept of such a call but
   * what it reports: sent twice, it reports twice, and an end counts once.
   */
  static boolean areByToken(String method, String path) {
    return method.equals("POST") && BY_TOKEN.matcher(path).matches();
  }

  private Reply cancel(Exchange exchange) {
    exchange.noQuery();
    ExecutionId id = exchange.executionId();
    noBody(exchange);
    Runs.Cancelling done = ports.runs().cancel(JobId.DEFAULT_NAMESPACE, id);
    boolean over = done.state().isFinal();
    return Reply.json(
        over ? 200 : 202,
        Json.object()
            .put("id", id.value())
            .put("state", done.state().name())
            .put("cancelling", !over)
            .put("started", done.started()));
  }

  private Reply retry(Exchange exchange) {
    exchange.noQuery();
    ExecutionId id = exchange.executionId();
    noBody(exchange);
    int attempt = ports.runs().retry(JobId.DEFAULT_NAMESPACE, id);
    return Reply.json(202, Json.object().put("executionId", id.value()).put("attempt", attempt))
        .withLocation("/api/v1/executions/" + id.value());
  }

  private static void noBody(Exchange exchange) {
    Body body = new Body(exchange.objectOrEmpty());
    body.refuseOthers();
    body.done();
  }

  private Reply progress(Exchange exchange) {
    exchange.noQuery();
    ExecutionId id = exchange.executionId();
    int attempt = attempt(exchange, id);
    Body body = new Body(exchange.object());
    Integer percent = body.integer("percent", 0, 100);
    body.require("percent");
    String note = text(body, "note", Progress.LONGEST_NOTE);
    body.refuseOthers();
    body.done();
    if (percent != null) {
      ports.progress().report(id, attempt, new Progress(percent, note, clock.instant()));
    }
    return Reply.json(202, Json.object().put("id", id.value()).put("percent", percent));
  }

  private Reply complete(Exchange exchange) {
    exchange.noQuery();
    ExecutionId id = exchange.executionId();
    int attempt = attempt(exchange, id);
    Body body = new Body(exchange.object());
    String word = body.text("outcome");
    body.require("outcome");
    boolean succeeded = "SUCCEEDED".equals(word);
    if (word != null && !succeeded && !word.equals("FAILED")) {
      body.fault("outcome", "outcome_unknown", "'outcome' is SUCCEEDED or FAILED");
    }
    Answer result = result(body);
    String error = text(body, "error", LONGEST_ERROR);
    if (succeeded && error != null) {
      body.fault("error", "error_unexpected", "what SUCCEEDED has no error");
    }
    body.refuseOthers();
    body.done();
    Runs.Ended ended =
        ports.runs().complete(id, attempt, new Runs.Report(succeeded, result, error));
    return Reply.json(
        200,
        Json.object()
            .put("id", id.value())
            .put("state", ended.state().name())
            .put("reason", ended.reason())
            .put("nextAttemptAt", Json.instant(ended.nextAttemptAt())));
  }

  private static @Nullable Answer result(Body body) {
    JsonNode result = body.any("result");
    if (result == null) {
      return null;
    }
    String text = result.isTextual() ? result.textValue() : StrictJson.text(result);
    if (text.getBytes(StandardCharsets.UTF_8).length > Answer.MOST_BYTES) {
      body.fault(
          "result",
          "result_too_large",
          "of a result at most " + Answer.MOST_BYTES + " bytes are kept");
      return null;
    }
    return new Answer(text, false);
  }

  private static @Nullable String text(Body body, String name, int longest) {
    String text = body.text(name);
    if (text != null && text.length() > longest) {
      body.fault(name, "text_too_long", "'" + name + "' has at most " + longest + " characters");
      return null;
    }
    return text;
  }

  /** The attempt whose token the request shows. @throws ProblemException 401 if it shows none */
  private int attempt(Exchange exchange, ExecutionId id) {
    String header = exchange.header("Authorization");
    OptionalInt attempt =
        header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? ports.tokens().attempt(id, header.substring(BEARER.length()).strip())
            : OptionalInt.empty();
    return attempt.orElseThrow(
        () ->
            new ProblemException(
                Problem.of(
                        401,
                        "token_invalid",
                        "this call needs the token that came with the execution's call:"
                            + " Authorization: Bearer <X-Carillon-Token>")
                    .with("WWW-Authenticate", "Bearer realm=\"carillon\"")));
  }
}
