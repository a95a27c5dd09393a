package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Admission;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Target;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls whose node loses its lease after they were begun and before they were sent. */
@Timeout(20)
class LastLookTest {
  private final AtomicBoolean lease = new AtomicBoolean(true);
  private final AtomicInteger looks = new AtomicInteger();
  private final Admission admission =
      () -> {
        looks.incrementAndGet();
        return lease.get();
      };

  /** What happens while a connection is made. */
  private GuardedSocketFactory.Gate meanwhile = GuardedSocketFactory.Gate.OPEN;

  private final Targets targets =
      new Targets(
          EgressPolicy.of(List.of(), true),
          "test",
          InstantSource.system(),
          Dns.SYSTEM,
          address -> meanwhile.pass(address));

  @AfterEach
  void stop() {
    targets.close();
    assertThat(targets.inFlight()).isZero();
  }

  @Test
  void nothing_is_sent_when_the_lease_ends_while_a_connection_is_made() throws Exception {
    try (ServerSocket server = Listening.socket(1)) {
      CompletableFuture<byte[]> received = received(server);
      meanwhile = address -> lease.set(false);
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";

      Optional<Outcome> outcome =
          targets.call(
              Firings.of(Firings.http("POST", url, new Target.Body(false, "text"))), admission);

      assertThat(outcome).isEmpty();
      assertThat(received.get(5, TimeUnit.SECONDS)).isEmpty();
      assertThat(looks).hasValue(1);
    }
  }

  @Test
  void nothing_is_sent_on_a_connection_that_was_there_already() throws Exception {
    try (MockWebServer server = Listening.start(new MockWebServer())) {
      server.enqueue(new MockResponse.Builder().code(200).build());
      String url = server.url("/").toString();
      assertThat(targets.call(Firings.get(url), admission).orElseThrow())
          .isInstanceOf(Succeeded.class);

      lease.set(false);

      assertThat(targets.call(Firings.get(url), admission)).isEmpty();
      assertThat(server.getRequestCount()).isEqualTo(1);
      assertThat(looks).hasValue(2);
    }
  }

  @Test
  void a_call_that_also_ran_out_of_time_is_withheld_rather_than_failed() throws Exception {
    try (ServerSocket server = Listening.socket(1)) {
      CompletableFuture<byte[]> received = received(server);
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      Admission slow = () -> !asleep(Duration.ofMillis(400));

      Optional<Outcome> outcome = targets.call(Firings.get(url, Duration.ofMillis(200)), slow);

      assertThat(outcome).isEmpty();
      assertThat(received.get(5, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void a_log_line_is_not_written_either() {
    lease.set(false);
    assertThat(targets.call(Firings.of(new Target.Log("line")), admission)).isEmpty();
    assertThat(targets.call(Firings.of(new Target.Noop()), admission)).isEmpty();
  }

  /** Everything that arrives on the first connection, when it has ended. */
  private static CompletableFuture<byte[]> received(ServerSocket server) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = server.accept()) {
            return socket.getInputStream().readAllBytes();
          } catch (IOException e) {
            throw new IllegalStateException("the connection was broken", e);
          }
        });
  }

  private static boolean asleep(Duration length) {
    try {
      return !new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
