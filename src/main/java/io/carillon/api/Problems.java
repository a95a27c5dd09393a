package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.events.EventFeed.TooManyReaders;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.NothingPlanned;
import io.carillon.job.JobExceptions.NothingToFill;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.UnknownQueue;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.Jobs.BadCursor;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.time.Duration;
import org.eclipse.jetty.http.HttpException;

/** The one place where an exception becomes an answer. Pure. */
final class Problems {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration READERS_CHANGE = Duration.ofSeconds(5);

  private Problems() {}

  /** The problem of whatever a call threw. What is not known is a defect of ours: 500. */
  static Problem of(Throwable thrown) {
    if (thrown instanceof ProblemException expected) {
      return expected.problem();
    }
    if (thrown instanceof UnknownJob) {
      return Problem.of(404, "not_found", "there is no such job");
    }
    if (thrown instanceof JobExists exists) {
      return Problem.of(409, "job_exists", "there is a job " + exists.id().value() + " already");
    }
    if (thrown instanceof DuplicateJob duplicate) {
      String id = duplicate.existing().values().iterator().next().value();
      return Problem.of(409, "duplicate_job", "job " + id + " has this key already")
          .withMember("jobId", id);
    }
    if (thrown instanceof WrongState wrong) {
      return Problem.of(409, "wrong_state", String.valueOf(wrong.getMessage()));
    }
    if (thrown instanceof NotRunning refused) {
      return Problem.of(409, "wrong_state", String.valueOf(refused.getMessage()))
          .withMember("state", refused.state().name());
    }
    if (thrown instanceof UnknownRun) {
      return Problem.of(404, "not_found", "there is no such execution");
    }
    if (thrown instanceof NothingToFill refused) {
      return Problem.of(422, refused.code(), String.valueOf(refused.getMessage()));
    }
    if (thrown instanceof UnknownQueue) {
      return Problem.of(404, "not_found", "there is no such queue");
    }
    if (thrown instanceof NothingPlanned) {
      return Problem.of(409, "nothing_planned", "nothing is planned that could be skipped");
    }
    if (thrown instanceof StaleVersion stale) {
      return Problem.of(
              412,
              "version_stale",
              "the %s is at version %d".formatted(stale.kind(), stale.current()))
          .with("ETag", "\"" + stale.current() + "\"");
    }
    if (thrown instanceof BadCursor) {
      return Problem.of(400, "cursor_invalid", "cursor must be the nextCursor of a list");
    }
    if (thrown instanceof TooManyReaders full) {
      return Problem.of(503, "readers_full", String.valueOf(full.getMessage()))
          .retryAfter(READERS_CHANGE);
    }
    if (thrown instanceof StoreUnavailable away) {
      return unavailable(away);
    }
    return ofServer(thrown);
  }

  private static Problem unavailable(StoreUnavailable away) {
    if (away instanceof StoreBusy) {
      return Problem.of(503, "intake_full", "too many writes at once; nothing was accepted")
          .retryAfter(SOON);
    }
    if (away.unknown() == null) {
      return Problem.of(503, "store_unavailable", "the database is away; nothing was accepted")
          .retryAfter(SOON);
    }
    return Problem.of(
            503,
            "outcome_unknown",
            "the database went away during the commit; the job may be stored or not: read it by its id")
        .withMember("jobId", away.unknown().value())
        .retryAfter(SOON);
  }

  /** What Javalin and Jetty say themselves. */
  private static Problem ofServer(Throwable thrown) {
    if (thrown instanceof MethodNotAllowedResponse refused) {
      String allowed =
          refused
              .getDetails()
              .getOrDefault(
                  "availableMethods", refused.getDetails().getOrDefault("Available methods", ""));
      return Problem.of(405, "method_not_allowed", "this path takes " + allowed)
          .with("Allow", allowed);
    }
    if (thrown instanceof HttpResponseException response) {
      return ofStatus(response.getStatus());
    }
    if (thrown instanceof HttpException refused) {
      return ofStatus(refused.getCode());
    }
    return ofStatus(500);
  }

  /** The problem of a status that came without more. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> Problem.of(404, "not_found", "there is nothing under this path");
      case 405 -> Problem.of(405, "method_not_allowed", "this path does not take this method");
      case 408 -> Problem.of(408, "request_timeout", "the request did not arrive in time");
      case 413 -> Problem.of(413, "body_too_large", "the body is too large");
      case 414 -> Problem.of(414, "uri_too_long", "the address is too long");
      case 431 -> Problem.of(431, "header_too_large", "the headers are longer than 8 KiB together");
      // another version of HTTP: the request is wrong, not the server
      case 501, 505 -> Problem.of(400, "request_invalid", "HTTP/1.1 is spoken here");
      case 503 -> Problem.of(503, "unavailable", "the server cannot answer now").retryAfter(SOON);
      default ->
          status < 500
              ? Problem.of(status, "request_invalid", "this is not a request of HTTP")
              : Problem.of(
                  500, "internal", "the server failed; its log says more under this requestId");
    };
  }
}
