package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that hang, drip, break off or talk nonsense. Every call ends, each with its reason. */
@Timeout(20)
class MisbehavingTargetsTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

  private final Targets targets = new Targets(EgressPolicy.of(List.of(), true), "test");

  @AfterEach
  void stop() {
    targets.close();
    assertThat(targets.inFlight()).isZero();
  }

  @Test
  void a_target_that_never_answers_times_out() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    try (RawServer server = new RawServer((socket, out) -> self.get().hang())) {
      self.set(server);
      long start = System.nanoTime();
      Failed failed = failed(server, SHORT);
      assertThat(failed.reason()).isEqualTo(Reasons.TIMEOUT);
      assertThat(failed.httpStatus()).isNull();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(SHORT, Duration.ofSeconds(5));
    }
  }

  @Test
  void a_target_that_does_not_read_times_out() throws Exception {
    // Nobody accepts: the connection sits in the backlog, the request in the buffers.
    try (ServerSocket deaf = Listening.socket(1)) {
      Failed failed =
          (Failed)
              Firings.made(
                  targets, Firings.get("http://127.0.0.1:" + deaf.getLocalPort() + "/", SHORT));
      assertThat(failed.reason()).isEqualTo(Reasons.TIMEOUT);
    }
  }

  @Test
  void a_dripping_answer_ends_with_the_time_out_and_keeps_what_came() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out) -> {
              RawServer.write(out, OK + "Content-Length: 1000\r\n\r\n");
              CountDownLatch never = new CountDownLatch(1);
              for (int i = 0; i < 1000; i++) {
                RawServer.write(out, "x");
                never.await(50, TimeUnit.MILLISECONDS);
              }
            })) {
      Failed failed = failed(server, SHORT);
      assertThat(failed.reason()).isEqualTo(Reasons.TIMEOUT);
      assertThat(failed.httpStatus()).isEqualTo(200);
      assertThat(failed.answer()).isNotNull();
      assertThat(failed.answer().body()).matches("x+");
      assertThat(failed.answer().truncated()).isTrue();
    }
  }

  @Test
  void an_endless_answer_is_judged_by_its_status() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out) -> {
              RawServer.write(out, OK + "\r\n");
              byte[] block = "y".repeat(65536).getBytes(StandardCharsets.US_ASCII);
              while (!socket.isClosed()) {
                out.write(block);
              }
            })) {
      Outcome outcome = Firings.made(targets, Firings.get(server.url(), Duration.ofSeconds(5)));
      assertThat(outcome)
          .isEqualTo(new Succeeded(200, new Answer("y".repeat(Answer.MOST_BYTES), true)));
    }
  }

  @Test
  void endless_headers_are_broken_off() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out) -> {
              RawServer.write(out, OK);
              String line = "X-Filler: " + "z".repeat(8000) + "\r\n";
              while (!socket.isClosed()) {
                RawServer.write(out, line);
              }
            })) {
      assertThat(failed(server, Duration.ofSeconds(5)).reason()).isEqualTo(Reasons.NETWORK);
    }
  }

  @Test
  void an_endless_row_of_informational_answers_ends_with_the_call() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out) -> {
              while (!socket.isClosed()) {
                RawServer.write(out, "HTTP/1.1 103 Early Hints\r\n\r\n");
              }
            })) {
      assertThat(failed(server, SHORT).reason()).isIn(Reasons.TIMEOUT, Reasons.NETWORK);
    }
  }

  @Test
  void a_reset_is_a_network_failure() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out) -> {
              socket.setSoLinger(true, 0);
              socket.close();
            })) {
      assertThat(failed(server, Duration.ofSeconds(5)).reason()).isEqualTo(Reasons.NETWORK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        OK + "Content-Length: 10\r\n\r\nshort",
        CHUNKED + "zz\r\nbad\r\n",
        CHUNKED + "5\r\nab",
        CHUNKED + "-5\r\nabcde\r\n",
        CHUNKED + "ffffffffffffffffff\r\nabcde\r\n",
        OK + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nabcde",
      })
  void a_broken_answer_is_a_network_failure(String answer) throws Exception {
    try (RawServer server = new RawServer(RawServer.saying(answer))) {
      Failed failed = failed(server, Duration.ofSeconds(5));
      assertThat(failed.reason()).isEqualTo(Reasons.NETWORK);
      assertThat(failed.error()).startsWith("GET " + server.url() + ": ").doesNotContain("\n");
    }
  }

  @Test
  void a_closed_port_is_a_connect_failure() throws Exception {
    int port;
    try (ServerSocket gone = Listening.socket(1)) {
      port = gone.getLocalPort();
    }
    Failed failed =
        (Failed) Firings.made(targets, Firings.get("http://u.localhost:" + port + "/?k=secret"));
    assertThat(failed.reason()).isIn(Reasons.CONNECT, Reasons.DNS);
    failed = (Failed) Firings.made(targets, Firings.get("http://127.0.0.1:" + port + "/?k=secret"));
    assertThat(failed.reason()).isEqualTo(Reasons.CONNECT);
    assertThat(failed.error()).contains("refused").doesNotContain("secret");
  }

  @Test
  void an_unknown_name_is_a_dns_failure() {
    assertThat(resolvedBy(host -> fail(host), SHORT).reason()).isEqualTo(Reasons.DNS);
  }

  @Test
  void a_resolver_that_hangs_does_not_hold_the_call_beyond_its_time_out() {
    CountDownLatch never = new CountDownLatch(1);
    long start = System.nanoTime();
    Failed failed = resolvedBy(host -> hang(never), SHORT);
    assertThat(failed.reason()).isEqualTo(Reasons.TIMEOUT);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    never.countDown();
  }

  @Test
  void a_cancelled_call_ends_at_once_and_says_so() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    try (RawServer server = new RawServer((socket, out) -> self.get().hang())) {
      self.set(server);
      CompletableFuture<Outcome> running = start(Firings.get(server.url()));
      assertThat(server.awaitRequest()).isTrue();

      targets.cancel(ExecutionId.planned(Firings.JOB, 2, Instant.EPOCH));
      assertThat(targets.inFlight()).isEqualTo(1);
      targets.cancel(Firings.ID);

      Outcome outcome = running.get(2, TimeUnit.SECONDS);
      assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.CANCELLED);
    }
  }

  @Test
  void a_drain_breaks_off_every_call() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    try (RawServer server = new RawServer((socket, out) -> self.get().hang())) {
      self.set(server);
      List<CompletableFuture<Outcome>> running =
          List.of(
              start(Firings.get(server.url())),
              start(Firings.get(server.url())),
              start(Firings.get(server.url())));
      assertThat(server.awaitRequest()).isTrue();
      while (targets.inFlight() < 3) {
        Thread.onSpinWait();
      }
      targets.cancelAll();
      for (CompletableFuture<Outcome> call : running) {
        assertThat(((Failed) call.get(2, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.DRAINED);
      }
    }
  }

  @Test
  void an_interrupted_worker_gives_its_call_back() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    try (RawServer server = new RawServer((socket, out) -> self.get().hang())) {
      self.set(server);
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread worker =
          new Thread(
              () -> outcome.complete(Firings.made(targets, Firings.get(server.url(), SHORT))));
      worker.start();
      assertThat(server.awaitRequest()).isTrue();
      worker.interrupt();
      assertThat(((Failed) outcome.get(5, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.DRAINED);
    }
  }

  @Test
  void plain_text_where_tls_is_expected_is_a_tls_failure() throws Exception {
    try (ServerSocket server = Listening.socket(1)) {
      CompletableFuture<Void> spoken =
          CompletableFuture.runAsync(
              () -> {
                try (var socket = server.accept()) {
                  RawServer.write(socket.getOutputStream(), "HTTP/1.1 400 Bad Request\r\n\r\n");
                  socket.getInputStream().transferTo(new ByteArrayOutputStream());
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      Failed failed =
          (Failed)
              Firings.made(
                  targets, Firings.get("https://127.0.0.1:" + server.getLocalPort() + "/"));
      assertThat(failed.reason()).isEqualTo(Reasons.TLS);
      assertThat(spoken).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  private CompletableFuture<Outcome> start(Firing firing) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread thread = new Thread(() -> outcome.complete(Firings.made(targets, firing)), "caller");
    thread.setDaemon(true);
    thread.start();
    return outcome;
  }

  private Failed failed(RawServer server, Duration timeout) {
    return (Failed) Firings.made(targets, Firings.get(server.url(), timeout));
  }

  private static Failed resolvedBy(Dns resolver, Duration timeout) {
    try (Targets own =
        new Targets(
            EgressPolicy.of(List.of(), true),
            "test",
            InstantSource.system(),
            resolver,
            GuardedSocketFactory.Gate.OPEN)) {
      return (Failed) Firings.made(own, Firings.get("http://name.example/", timeout));
    }
  }

  private static List<InetAddress> fail(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  private static List<InetAddress> hang(CountDownLatch latch) throws UnknownHostException {
    try {
      latch.await(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UnknownHostException("late");
  }
}
