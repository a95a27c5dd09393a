package io.carillon.target;

import io.carillon.execution.Admission;
import io.carillon.execution.Answer;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.job.Success;
import io.carillon.job.Target;
import io.carillon.job.TargetRules.Broken;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP calls, each in the thread of its caller and within its time-out. Success is what the
 * job says, 2xx if it says nothing; a body longer than is read does not change that. Thread-safe.
 */
final class HttpTarget {
  private final HttpClients clients;
  private final UrlRules urls;
  private final RequestHeaders headers;
  private final Credentials credentials;
  private final RunningCalls running;
  private final InstantSource clock;

  HttpTarget(
      HttpClients clients,
      UrlRules urls,
      RequestHeaders headers,
      Credentials credentials,
      RunningCalls running,
      InstantSource clock) {
    this.clients = clients;
    this.urls = urls;
    this.headers = headers;
    this.credentials = credentials;
    this.running = running;
    this.clock = clock;
  }

  /**
   * @return empty if it was not admitted any more when the connection stood: nothing was sent
   */
  Optional<Outcome> call(Firing firing, Target.Http target, Admission admission) {
    List<Broken> faults = new ArrayList<>();
    HttpUrl url = urls.read(target.url(), faults);
    Map<String, String> users = RequestHeaders.chosen(target, firing.overrides().get("headers"));
    HeaderRules.check(users, faults);
    if (url == null || !faults.isEmpty()) {
      return Optional.of(Failed.of(Reasons.EGRESS_DENIED, words(faults)));
    }
    Target.Body body = RequestBodies.choose(target, firing.overrides().get("body"));
    byte @Nullable [] bytes = RequestBodies.bytes(body);
    Headers proven;
    try {
      proven = credentials.add(firing, target, headers.onWire(firing, users, body), bytes);
    } catch (NotRevealed e) {
      return Optional.of(Failed.of(e.reason(), e.getMessage() + "; nothing was sent"));
    }
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .headers(proven)
            .method(target.method(), RequestBodies.onWire(target.method(), bytes));
    try (HttpClients.Loan loan = clients.borrow()) {
      Call call = loan.client().newCall(LastLook.mark(request, admission).build());
      call.timeout().timeout(target.timeout().toNanos(), TimeUnit.NANOSECONDS);
      return exchange(firing, call);
    }
  }

  private Optional<Outcome> exchange(Firing firing, Call call) {
    AnswerReader reader = new AnswerReader();
    Integer status = null;
    try (RunningCalls.Running entry = running.start(firing.id(), call)) {
      try (Response response = call.execute()) {
        status = OneCallOnly.status(response);
        if (!reader.read(response)) {
          // There is more than we read: cut the connection, or closing would read on.
          call.cancel();
        }
        Success wanted = Success.of(firing.job());
        return Optional.of(judge(call.request(), wanted, status, reader, response));
      } catch (IOException e) {
        if (FailureReasons.isNotAdmitted(e)) {
          return Optional.empty();
        }
        FailureReasons.Failure failure = FailureReasons.of(e, entry.brokenOff());
        String error = shown(call.request()) + ": " + failure.words();
        return Optional.of(new Failed(failure.reason(), error, status, reader.answer(), null));
      }
    }
  }

  private Outcome judge(
      Request request, Success wanted, int status, AnswerReader reader, Response response) {
    Answer answer = reader.answer();
    Duration retryAfter = RetryAfter.read(response.headers(), clock.instant());
    if (wanted.covers(status)) {
      String regex = wanted.bodyMatches();
      String fault = regex == null ? null : BodyMatch.fault(regex, answer);
      return fault == null
          ? new Succeeded(status, answer)
          : new Failed(
              Reasons.BODY_MISMATCH,
              shown(request) + ": answered " + status + ", but " + fault,
              status,
              answer,
              retryAfter);
    }
    return new Failed(
        Reasons.http(status), shown(request) + ": answered " + status, status, answer, retryAfter);
  }

  private static String words(List<Broken> faults) {
    StringBuilder words = new StringBuilder("the call is not allowed:");
    for (Broken fault : faults) {
      @Nullable String name = fault.name();
      words.append(' ').append(fault.code()).append(" (");
      if (name != null) {
        words.append(LogText.oneLine(name)).append(": ");
      }
      words.append(fault.detail()).append(')');
    }
    return words.toString();
  }

  /** The method and the URL without user, query and fragment, which may hold secrets. */
  private static String shown(Request request) {
    String text =
        request
            .url()
            .newBuilder()
            .username("")
            .password("")
            .query(null)
            .fragment(null)
            .build()
            .toString();
    return request.method() + " " + (text.length() > 300 ? text.substring(0, 300) + "…" : text);
  }
}
