package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TargetServerTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private TargetServer target;

  @BeforeEach
  void start() throws IOException {
    target = TargetServer.start();
  }

  @AfterEach
  void close() throws IOException {
    target.close();
    target.close();
  }

  @Test
  void writes_each_arrival_to_the_ledger_before_it_answers() throws Exception {
    client.send(
        request("/ok")
            .header("Idempotency-Key", "run-1")
            .header("X-Attempt", "2")
            .header("X-Carillon-Job", "job-a")
            .header("X-Scheduled-Time", "2026-11-22T12:00:00Z")
            .header("X-Recovered", "true")
            .POST(HttpRequest.BodyPublishers.ofString("{\"tag\":\"t1\"}"))
            .build(),
        BodyHandlers.ofString());

    assertThat(target.ledger().arrivals())
        .singleElement()
        .satisfies(
            arrival -> {
              assertThat(arrival.executionId()).isEqualTo("run-1");
              assertThat(arrival.attempt()).isEqualTo(2);
              assertThat(arrival.jobId()).isEqualTo("job-a");
              assertThat(arrival.scheduledAt()).isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
              assertThat(arrival.recovered()).isTrue();
              assertThat(arrival.method()).isEqualTo("POST");
              assertThat(arrival.path()).isEqualTo("/ok");
              assertThat(arrival.body()).isEqualTo("{\"tag\":\"t1\"}");
            });
  }

  @Test
  void takes_the_webhook_id_where_there_is_no_idempotency_key() throws Exception {
    client.send(request("/ok").header("webhook-id", "run-7").build(), BodyHandlers.discarding());

    assertThat(target.ledger().ofExecution("run-7")).hasSize(1);
  }

  @Test
  void answers_the_status_asked_for_with_its_retry_after() throws Exception {
    HttpResponse<String> answer = get("/status/429?retryAfter=7");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(get("/status/204").statusCode()).isEqualTo(204);
  }

  @Test
  void echoes_a_chunked_body() throws Exception {
    var body =
        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString("in pieces"));

    var answer = client.send(request("/echo").POST(body).build(), BodyHandlers.ofString());

    assertThat(answer.body()).isEqualTo("in pieces");
  }

  @Test
  void flaky_fails_the_first_arrivals_of_each_execution() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (String execution : List.of("a", "a", "a", "b")) {
      HttpRequest call = request("/flaky?fail=2").header("Idempotency-Key", execution).build();
      statuses.add(client.send(call, BodyHandlers.discarding()).statusCode());
    }

    assertThat(statuses).containsExactly(503, 503, 200, 503);
  }

  @Test
  void slow_answers_after_its_time() throws Exception {
    Instant start = Instant.now();

    assertThat(get("/slow?ms=300").statusCode()).isEqualTo(200);
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void speaks_tls_as_the_one_it_is_told_to_be() throws Exception {
    assertThat(overTls(TlsIdentity.good())).isEqualTo("200");
    assertThat(overTls(TlsIdentity.expired())).contains("NotAfter");
    assertThat(overTls(TlsIdentity.ofAnotherHost())).contains("127.0.0.1");
  }

  /** What one who trusts this identity gets: the status, or why there is none. */
  private static String overTls(TlsIdentity identity) throws Exception {
    try (TargetServer secret = TargetServer.start(identity)) {
      assertThat(secret.url("/ok")).startsWith("https://127.0.0.1:");
      HttpClient trusting = HttpClient.newBuilder().sslContext(identity.context()).build();
      HttpRequest call = HttpRequest.newBuilder(URI.create(secret.url("/ok"))).build();
      try {
        return "" + trusting.send(call, BodyHandlers.discarding()).statusCode();
      } catch (SSLHandshakeException refused) {
        assertThat(secret.ledger().size()).isZero();
        Throwable cause = refused;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
      }
    }
  }

  @Test
  void hang_and_endless_and_drip_outlast_the_caller() {
    for (String path : List.of("/hang", "/endless", "/drip?ms=50")) {
      assertThatThrownBy(
              () ->
                  client
                      .sendAsync(request(path).build(), BodyHandlers.ofString())
                      .get(300, TimeUnit.MILLISECONDS))
          .as(path)
          .isInstanceOf(TimeoutException.class);
    }
    assertThatThrownBy(
            () ->
                client.send(
                    request("/hang").timeout(Duration.ofMillis(200)).build(),
                    BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void huge_sends_all_its_bytes() throws Exception {
    assertThat(get("/huge?bytes=1000000").body()).hasSize(1_000_000);
  }

  @Test
  void redirect_points_where_it_is_told() throws Exception {
    HttpResponse<String> answer = get("/redirect?to=http%3A%2F%2F169.254.169.254%2F");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).contains("http://169.254.169.254/");
  }

  @Test
  void reset_and_bad_chunk_break_the_answer() {
    assertThatThrownBy(() -> get("/reset")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> get("/bad-chunk")).isInstanceOf(IOException.class);
    assertThat(target.ledger().size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void closing_ends_calls_that_hang() throws Exception {
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request("/hang").build(), BodyHandlers.ofString());
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> target.ledger().size() == 1);

    target.close();

    assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void takes_more_than_a_thousand_calls_a_second() throws Exception {
    int calls = 4_000;
    byte[] call = "GET /ok HTTP/1.1\r\nIdempotency-Key: x\r\n\r\n".getBytes(UTF_8);
    Instant start = Instant.now();
    try (Socket socket = new Socket("127.0.0.1", URI.create(target.url("/")).getPort())) {
      for (int n = 0; n < calls; n++) {
        socket.getOutputStream().write(call);
        byte[] answer = new byte[512];
        assertThat(socket.getInputStream().read(answer)).isPositive();
      }
    }

    assertThat(target.ledger().size()).isEqualTo(calls);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(target.url(path)));
  }
}
