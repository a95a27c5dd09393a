package io.carillon.api;

import io.carillon.api.http.Exchange;
import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.config.ApiConfig;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.job.JobId;
import io.carillon.security.Caller;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a request into an exchange, has it answered, and writes the answer. No more than a number
 * of writes are in flight at once; what comes on top is told to come again. Thread-safe.
 */
final class Dispatcher {
  static final String BATCH = "/api/v1/jobs:batch";

  /** Whose bodies may be as large as a batch. */
  private static final Set<String> BULKY = Set.of(BATCH, CalendarCalls.ONE);

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final ApiConfig limits;
  private final InstantSource clock;
  private final Replays replays;
  private final Semaphore intake;
  private final RefusalLog refusals;

  Dispatcher(ApiConfig limits, IdempotencyKeys keys, InstantSource clock, int writesInFlight) {
    this.limits = limits;
    this.clock = clock;
    this.replays = new Replays(keys);
    this.intake = new Semaphore(writesInFlight);
    this.refusals = new RefusalLog(clock, LOG::warn);
  }

  /** Answers a request that has passed the gate. */
  void answer(Route route, Context context, Caller caller) {
    byte[] body = route.writes() ? body(route, context) : new byte[0];
    Exchange exchange =
        new Exchange(
            Headers.requestId(context),
            caller,
            context.pathParamMap(),
            context.queryParamMap(),
            name -> header(context, name),
            body,
            JobId.create(JobId.DEFAULT_NAMESPACE, clock.instant()).value());
    Reply reply = route.writes() ? write(route, context, exchange) : route.call().answer(exchange);
    send(context, reply);
  }

  private byte[] body(Route route, Context context) {
    if (RunCalls.areByToken(route.method(), route.path())) {
      return RequestBody.read(context.req(), Math.min(RunCalls.LARGEST_REPORT, limits.maxBody()));
    }
    long most = BULKY.contains(route.path()) ? limits.maxBulkBody() : limits.maxBody();
    return RequestBody.read(context.req(), most);
  }

  private Reply write(Route route, Context context, Exchange exchange) {
    if (!intake.tryAcquire()) {
      throw new ProblemException(
          Problem.of(503, "intake_full", "too many writes at once; nothing was accepted")
              .retryAfter(Duration.ofSeconds(1)));
    }
    try {
      if (!route.method().equals("POST") || RunCalls.areByToken(route.method(), route.path())) {
        return route.call().answer(exchange);
      }
      String query = context.queryString() == null ? "" : context.queryString();
      return replays.answer(
          exchange,
          route.method() + ' ' + context.path(),
          Hashes.sha256(query.getBytes(StandardCharsets.UTF_8), exchange.body()),
          route.call());
    } finally {
      intake.release();
    }
  }

  /** Tells what went wrong. A defect of ours is logged with its cause, a refusal is counted. */
  void fail(Context context, Throwable thrown) {
    Problem problem = Problems.of(thrown);
    refusals.note(problem, thrown);
    String requestId = Headers.requestId(context);
    if (problem.status() == 500) {
      LOG.error("Request {} failed", requestId, thrown);
    }
    send(context, problem.reply(requestId));
  }

  static void send(Context context, Reply reply) {
    context.status(reply.status());
    reply.headers().forEach(context::header);
    if (reply.contentType().isEmpty()) {
      context.res().setContentType(null);
    } else {
      context.contentType(reply.contentType());
    }
    context.result(reply.body());
  }

  /** Repeated fields are one, with commas (RFC 9110, 5.2). */
  private static @Nullable String header(Context context, String name) {
    List<String> values = Collections.list(context.req().getHeaders(name));
    return values.isEmpty() ? null : String.join(", ", values);
  }
}
