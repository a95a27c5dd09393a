package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTargetTest {
  private MockWebServer server = new MockWebServer();
  private final Targets targets = new Targets(EgressPolicy.of(List.of(), true), "1.2");

  @BeforeEach
  void start() throws IOException {
    server = Listening.start(server);
  }

  @AfterEach
  void stop() {
    targets.close();
    server.close();
  }

  @Test
  void a_call_tells_the_target_what_it_is() throws Exception {
    server.enqueue(answer(200, "fine"));
    Schedule schedule =
        new Schedule.At(
            Firings.SCHEDULED_AT, ZoneId.of("Europe/Berlin"), false, null, null, Limits.NONE);
    Job job = Job.of(Firings.JOB, Firings.http("GET", url("/a?b=c"), null), schedule);

    Outcome outcome = Firings.made(targets, Firings.of(Firings.ID, job, Map.of()));

    assertThat(outcome).isEqualTo(new Succeeded(200, new Answer("fine", false)));
    RecordedRequest request = request();
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
  void a_schedule_without_a_zone_has_no_local_time() throws Exception {
    server.enqueue(answer(204, ""));
    Firings.made(targets, Firings.get(url("/")));
    assertThat(request().getHeaders().get("X-Scheduled-Time-Local")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT", "PATCH", "DELETE"})
  void bodies_are_sent_with_their_type(String method) throws Exception {
    server.enqueue(answer(200, ""));
    server.enqueue(answer(200, ""));
    Firings.made(targets, firing(method, new Target.Body(true, "{\"ä\":1}"), Map.of()));
    RecordedRequest json = request();
    assertThat(json.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(text(json)).isEqualTo("{\"ä\":1}");

    Firings.made(targets, firing(method, new Target.Body(false, "häi"), Map.of()));
    RecordedRequest plain = request();
    assertThat(plain.getHeaders().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(text(plain)).isEqualTo("häi");
  }

  @ParameterizedTest
  @CsvSource({"POST, 0", "PUT, 0", "PATCH, 0", "DELETE,", "GET,", "HEAD,"})
  void a_call_without_body_is_framed_as_its_method_wants(String method, @Nullable String length)
      throws Exception {
    server.enqueue(new MockResponse.Builder().code(200).build());
    Firings.made(targets, firing(method, null, Map.of()));
    assertThat(request().getHeaders().get("Content-Length")).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void get_and_head_never_carry_a_body(String method) throws Exception {
    server.enqueue(new MockResponse.Builder().code(200).build());
    Outcome outcome =
        Firings.made(targets, firing(method, new Target.Body(true, "{}"), Map.of("body", 1)));
    assertThat(outcome).isInstanceOf(Succeeded.class);
    assertThat(request().getBodySize()).isZero();
  }

  @Test
  void the_users_headers_win_over_the_defaults() throws Exception {
    server.enqueue(answer(200, ""));
    Map<String, String> headers =
        Map.of("content-type", "application/vnd.x+json", "USER-AGENT", "mine", "X-A", "b");
    Target target =
        new Target.Http(
            "POST", url("/"), headers, new Target.Body(true, "{}"), Duration.ofSeconds(5));
    Firings.made(targets, Firings.of(target));
    RecordedRequest request = request();
    assertThat(request.getHeaders().values("Content-Type"))
        .containsExactly("application/vnd.x+json");
    assertThat(request.getHeaders().values("User-Agent")).containsExactly("mine");
    assertThat(request.getHeaders().get("X-A")).isEqualTo("b");
  }

  @Test
  void a_run_by_hand_replaces_headers_and_body() throws Exception {
    server.enqueue(answer(200, ""));
    Target target =
        new Target.Http(
            "POST",
            url("/"),
            Map.of("X-A", "old", "X-B", "kept"),
            new Target.Body(false, "old"),
            Duration.ofSeconds(5));
    Firings.made(
        targets,
        Firings.of(target, Map.of("headers", Map.of("x-a", "new"), "body", Map.of("n", 1))));
    RecordedRequest request = request();
    assertThat(request.getHeaders().values("X-A")).containsExactly("new");
    assertThat(request.getHeaders().get("X-B")).isEqualTo("kept");
    assertThat(text(request)).isEqualTo("{\"n\":1}");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Content-Length", "Idempotency-Key", "a b", "X-Carillon-Job"})
  void a_run_by_hand_cannot_bring_in_a_reserved_header(String name) {
    Target target = Firings.http("POST", url("/"), null);
    Outcome outcome =
        Firings.made(targets, Firings.of(target, Map.of("headers", Map.of(name, "7"))));
    assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.EGRESS_DENIED);
    assertThat(server.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 307, 308, 401, 404, 407, 408, 421, 429, 500, 503, 599})
  void any_status_but_2xx_fails_under_its_own_reason_after_one_call(int status) {
    MockResponse response =
        answer(status, "why")
            .newBuilder()
            .addHeader("Location", url("/elsewhere"))
            .addHeader("Retry-After", "0")
            .build();
    server.enqueue(response);
    server.enqueue(answer(200, "second call"));

    Failed failed = (Failed) Firings.made(targets, Firings.get(url("/secret-path?token=hidden")));

    assertThat(failed.reason()).isEqualTo("HTTP_" + status);
    assertThat(failed.httpStatus()).isEqualTo(status);
    assertThat(failed.answer()).isEqualTo(new Answer("why", false));
    assertThat(failed.retryAfter()).isEqualTo(Duration.ZERO);
    assertThat(failed.error()).contains("answered " + status).doesNotContain("hidden");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void every_2xx_is_a_success(int status) {
    server.enqueue(new MockResponse.Builder().code(status).build());
    assertThat(Firings.made(targets, Firings.get(url("/")))).isEqualTo(new Succeeded(status, null));
  }

  @Test
  void a_304_has_no_body_and_is_no_success() {
    server.enqueue(new MockResponse.Builder().code(304).build());
    assertThat(((Failed) Firings.made(targets, Firings.get(url("/")))).reason())
        .isEqualTo("HTTP_304");
  }

  @Test
  void an_answer_to_head_has_no_body_whatever_it_promises() {
    server.enqueue(new MockResponse.Builder().code(200).addHeader("Content-Length", 99).build());
    assertThat(Firings.made(targets, firing("HEAD", null, Map.of())))
        .isEqualTo(new Succeeded(200, null));
  }

  @Test
  void an_answer_is_kept_to_16_kib_of_whole_characters() {
    server.enqueue(answer(200, "x" + "😀".repeat(5000)));
    Answer kept = ((Succeeded) Firings.made(targets, Firings.get(url("/")))).answer();
    assertThat(kept).isNotNull();
    assertThat(kept.body()).isEqualTo("x" + "😀".repeat(4095));
    assertThat(kept.truncated()).isTrue();
  }

  @Test
  void an_answer_of_exactly_16_kib_is_whole() {
    server.enqueue(answer(200, "x".repeat(Answer.MOST_BYTES)));
    assertThat(Firings.made(targets, Firings.get(url("/"))).answer())
        .isEqualTo(new Answer("x".repeat(Answer.MOST_BYTES), false));
  }

  @Test
  void bytes_that_are_no_text_stay_within_the_bound() {
    byte[] noise = new byte[20_000];
    Arrays.fill(noise, (byte) 0xFF);
    server.enqueue(new MockResponse.Builder().body(new Buffer().write(noise)).build());
    Answer kept = Firings.made(targets, Firings.get(url("/"))).answer();
    assertThat(kept).isNotNull();
    assertThat(kept.body().getBytes(StandardCharsets.UTF_8).length)
        .isBetween(Answer.MOST_BYTES - 3, Answer.MOST_BYTES);
  }

  @Test
  void an_answer_is_read_in_the_charset_it_names() {
    byte[] latin = "Grüße".getBytes(StandardCharsets.ISO_8859_1);
    server.enqueue(
        new MockResponse.Builder()
            .body(new Buffer().write(latin))
            .addHeader("Content-Type", "text/plain; charset=iso-8859-1")
            .build());
    assertThat(Firings.made(targets, Firings.get(url("/"))).answer())
        .isEqualTo(new Answer("Grüße", false));
  }

  @Test
  void a_gzip_bomb_is_inflated_to_the_read_limit_only() throws Exception {
    Buffer bomb = new Buffer();
    byte[] zeros = new byte[1024 * 1024];
    try (BufferedSink gzip = Okio.buffer(new GzipSink(bomb))) {
      for (int i = 0; i < 200; i++) {
        gzip.write(zeros);
      }
    }
    server.enqueue(
        new MockResponse.Builder().body(bomb).addHeader("Content-Encoding", "gzip").build());
    Outcome outcome = Firings.made(targets, Firings.get(url("/")));
    assertThat(outcome).isInstanceOf(Succeeded.class);
    Answer kept = outcome.answer();
    assertThat(kept).isNotNull();
    assertThat(kept.truncated()).isTrue();
    assertThat(kept.body()).hasSize(Answer.MOST_BYTES);
  }

  @Test
  void a_body_over_the_read_limit_leaves_the_status_as_judge() {
    server.enqueue(answer(200, "x".repeat(10_000_000)));
    server.enqueue(answer(500, "x".repeat(10_000_000)));
    assertThat(Firings.made(targets, Firings.get(url("/")))).isInstanceOf(Succeeded.class);
    assertThat(((Failed) Firings.made(targets, Firings.get(url("/")))).reason())
        .isEqualTo("HTTP_500");
  }

  @Test
  void cookies_are_not_kept() throws Exception {
    server.enqueue(answer(200, "").newBuilder().addHeader("Set-Cookie", "a=b").build());
    server.enqueue(answer(200, ""));
    Firings.made(targets, Firings.get(url("/")));
    Firings.made(targets, Firings.get(url("/")));
    request();
    assertThat(request().getHeaders().get("Cookie")).isNull();
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
    server.enqueue(answer(200, ""));
    try {
      settings.forEach(System::setProperty);
      assertThat(Firings.made(targets, Firings.get(url("/")))).isInstanceOf(Succeeded.class);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void connections_are_used_again() throws Exception {
    for (int i = 0; i < 5; i++) {
      server.enqueue(answer(200, "x"));
      Firings.made(targets, Firings.get(url("/")));
      assertThat(request().getConnectionIndex()).isZero();
    }
  }

  @Test
  void log_and_noop_succeed_without_a_call() {
    assertThat(Firings.made(targets, Firings.of(new Target.Log("a\nb"))))
        .isEqualTo(new Succeeded(null, null));
    assertThat(Firings.made(targets, Firings.of(new Target.Noop())))
        .isEqualTo(new Succeeded(null, null));
  }

  private Firing firing(String method, Target.@Nullable Body body, Map<String, Object> overrides) {
    return Firings.of(Firings.http(method, url("/"), body), overrides);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getPort() + path;
  }

  private static MockResponse answer(int status, String body) {
    MockResponse.Builder builder = new MockResponse.Builder().code(status);
    return body.isEmpty() ? builder.build() : builder.body(body).build();
  }

  private RecordedRequest request() throws InterruptedException {
    RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  private static String text(RecordedRequest request) {
    return request.getBody() == null ? "" : request.getBody().utf8();
  }
}
