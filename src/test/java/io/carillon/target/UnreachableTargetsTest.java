package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Targets that no connection comes to: each call ends, with its reason. */
@Timeout(20)
class UnreachableTargetsTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  @AutoClose private final Caller caller = new Caller();

  @Test
  void a_closed_port_is_a_connect_failure() throws Exception {
    int port;
    try (ServerSocket gone = Listening.socket(1)) {
      port = gone.getLocalPort();
    }
    Failed failed = (Failed) caller.call(Firings.get("http://u.localhost:" + port + "/?k=secret"));
    assertThat(failed.reason()).isIn(Reasons.CONNECT, Reasons.DNS);
    failed = (Failed) caller.call(Firings.get("http://127.0.0.1:" + port + "/?k=secret"));
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
          (Failed) caller.call(Firings.get("https://127.0.0.1:" + server.getLocalPort() + "/"));
      assertThat(failed.reason()).isEqualTo(Reasons.TLS);
      assertThat(spoken).succeedsWithin(Duration.ofSeconds(5));
    }
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
