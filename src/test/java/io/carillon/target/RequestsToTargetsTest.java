package io.carillon.target;

import static io.carillon.target.HttpRig.answer;
import static io.carillon.target.HttpRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a target gets to see of a call. */
class RequestsToTargetsTest {
  @AutoClose private final HttpRig http = new HttpRig();

  @Test
  void a_call_tells_the_target_what_it_is() throws Exception {
    http.enqueue(answer(200, "fine"));
    Schedule schedule =
        new Schedule.At(
            Firings.SCHEDULED_AT, ZoneId.of("Europe/Berlin"), false, null, null, Limits.NONE);
    Job job = Job.of(Firings.JOB, Firings.http("GET", http.url("/a?b=c"), null), schedule);

    Outcome outcome = http.call(Firings.of(Firings.ID, job, Map.of()));

    assertThat(outcome).isEqualTo(new Succeeded(200, new Answer("fine", false)));
    RecordedRequest request = http.request();
    assertThat(request.getRequestLine()).isEqualTo("GET /a?b=c HTTP/1.1");
    Map<String, String> headers = new HashMap<>();
    request.getHeaders().forEach(h -> headers.put(h.getFirst(), h.getSecond()));
    String id = Firings.ID.value();
    assertThat(headers)
        .containsEntry("Idempotency-Key", id)
        .containsEntry("webhook-id", id)
        .containsEntry("X-Attempt", "3")
        .containsEntry("X-Scheduled-Time", "2026-11-22T01:00:00Z")
        .containsEntry("X-Scheduled-Time-Local", "2026-11-22T02:00:00+01:00[Europe/Berlin]")
        .containsEntry("X-Recovered", "true")
        .containsEntry("X-Carillon-Job", "job-1")
        .containsEntry("User-Agent", "carillon/1.2")
        .doesNotContainKeys("Content-Type", "Content-Length", "Cookie");
    assertThat(headers.get("traceparent"))
        .matches("00-" + id.replace("-", "") + "-(?!0{16})[0-9a-f]{16}-01");
  }

  @Test
  void a_callback_is_named_by_the_event_it_tells_of() throws Exception {
    http.enqueue(answer(200, ""));
    JobId id = JobId.of("cb_" + Firings.ID + "_succeeded");
    Job job =
        Job.of(id, Firings.http("POST", http.url("/"), null), new Schedule.Now(Limits.NONE))
            .withOrigin(new Origin(Origin.Call.CALLBACK, Map.of()));

    http.call(Firings.of(Firings.ID, job, Map.of()));

    RecordedRequest request = http.request();
    assertThat(request.getHeaders().get("webhook-id")).isEqualTo(id.value());
    assertThat(request.getHeaders().get("Idempotency-Key")).isEqualTo(id.value());
  }

  @Test
  void a_schedule_without_a_zone_has_no_local_time() throws Exception {
    http.enqueue(answer(204, ""));
    http.get();
    assertThat(http.request().getHeaders().get("X-Scheduled-Time-Local")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT", "PATCH", "DELETE"})
  void bodies_are_sent_with_their_type(String method) throws Exception {
    http.enqueue(answer(200, ""));
    http.enqueue(answer(200, ""));
    http.call(http.firing(method, new Target.Body(true, "{\"ä\":1}"), Map.of()));
    RecordedRequest json = http.request();
    assertThat(json.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(text(json)).isEqualTo("{\"ä\":1}");

    http.call(http.firing(method, new Target.Body(false, "häi"), Map.of()));
    RecordedRequest plain = http.request();
    assertThat(plain.getHeaders().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(text(plain)).isEqualTo("häi");
  }

  @ParameterizedTest
  @CsvSource({"POST, 0", "PUT, 0", "PATCH, 0", "DELETE,", "GET,", "HEAD,"})
  void a_call_without_body_is_framed_as_its_method_wants(String method, @Nullable String length)
      throws Exception {
    http.enqueue(new MockResponse.Builder().code(200).build());
    http.call(http.firing(method, null, Map.of()));
    assertThat(http.request().getHeaders().get("Content-Length")).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void get_and_head_never_carry_a_body(String method) throws Exception {
    http.enqueue(new MockResponse.Builder().code(200).build());
    Outcome outcome =
        http.call(http.firing(method, new Target.Body(true, "{}"), Map.of("body", 1)));
    assertThat(outcome).isInstanceOf(Succeeded.class);
    assertThat(http.request().getBodySize()).isZero();
  }

  @Test
  void the_users_headers_win_over_the_defaults() throws Exception {
    http.enqueue(answer(200, ""));
    Map<String, String> headers =
        Map.of("content-type", "application/vnd.x+json", "USER-AGENT", "mine", "X-A", "b");
    Target target =
        new Target.Http(
            "POST", http.url("/"), headers, new Target.Body(true, "{}"), Duration.ofSeconds(5));
    http.call(Firings.of(target));
    RecordedRequest request = http.request();
    assertThat(request.getHeaders().values("Content-Type"))
        .containsExactly("application/vnd.x+json");
    assertThat(request.getHeaders().values("User-Agent")).containsExactly("mine");
    assertThat(request.getHeaders().get("X-A")).isEqualTo("b");
  }

  @Test
  void a_run_by_hand_replaces_headers_and_body() throws Exception {
    http.enqueue(answer(200, ""));
    Target target =
        new Target.Http(
            "POST",
            http.url("/"),
            Map.of("X-A", "old", "X-B", "kept"),
            new Target.Body(false, "old"),
            Duration.ofSeconds(5));
    http.call(Firings.of(target, Map.of("headers", Map.of("x-a", "new"), "body", Map.of("n", 1))));
    RecordedRequest request = http.request();
    assertThat(request.getHeaders().values("X-A")).containsExactly("new");
    assertThat(request.getHeaders().get("X-B")).isEqualTo("kept");
    assertThat(text(request)).isEqualTo("{\"n\":1}");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Content-Length", "Idempotency-Key", "a b", "X-Carillon-Job"})
  void a_run_by_hand_cannot_bring_in_a_reserved_header(String name) {
    Target target = Firings.http("POST", http.url("/"), null);
    Outcome outcome = http.call(Firings.of(target, Map.of("headers", Map.of(name, "7"))));
    assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.EGRESS_DENIED);
    assertThat(http.requests()).isZero();
  }

  @Test
  void cookies_are_not_kept() throws Exception {
    http.enqueue(answer(200, "").newBuilder().addHeader("Set-Cookie", "a=b").build());
    http.enqueue(answer(200, ""));
    http.get();
    http.get();
    http.request();
    assertThat(http.request().getHeaders().get("Cookie")).isNull();
  }

  @Test
  void a_proxy_of_the_environment_is_not_used() {
    Map<String, String> settings =
        Map.of(
            "http.proxyHost", "127.0.0.1",
            "http.proxyPort", "9",
            "http.nonProxyHosts", "",
            "socksProxyHost", "127.0.0.1",
            "socksProxyPort", "9",
            "socksNonProxyHosts", "");
    http.enqueue(answer(200, ""));
    try {
      settings.forEach(System::setProperty);
      assertThat(http.get()).isInstanceOf(Succeeded.class);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void connections_are_used_again() throws Exception {
    for (int i = 0; i < 5; i++) {
      http.enqueue(answer(200, "x"));
      http.get();
      assertThat(http.request().getConnectionIndex()).isZero();
    }
  }

  @Test
  void log_and_noop_succeed_without_a_call() {
    assertThat(http.call(Firings.of(new Target.Log("a\nb")))).isEqualTo(new Succeeded(null, null));
    assertThat(http.call(Firings.of(new Target.Noop()))).isEqualTo(new Succeeded(null, null));
  }
}
