package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChaosProxyTest {
  private static final byte[] CALL = "GET /ok HTTP/1.1\r\n\r\n".getBytes(UTF_8);

  private TargetServer target;
  private ChaosProxy proxy;
  private Socket client;

  @BeforeEach
  void connect() throws IOException {
    target = TargetServer.start();
    proxy = ChaosProxy.before(URI.create(target.url("/")).getPort());
    client = connected();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
    proxy.close();
    target.close();
  }

  @Test
  void passes_calls_and_answers() throws Exception {
    assertThat(call()).startsWith("HTTP/1.1 200");
    assertThat(call()).startsWith("HTTP/1.1 200");
  }

  @Test
  void delays_both_directions() throws Exception {
    proxy.delay(Duration.ofMillis(150));
    Instant start = Instant.now();

    assertThat(call()).startsWith("HTTP/1.1 200");
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void delays_the_call_after_one_that_was_not() throws Exception {
    List<Duration> calls = new ArrayList<>();
    for (int time = 0; time < 1_000; time++) {
      proxy.pass();
      assertThat(call()).startsWith("HTTP/1.1 200");
      proxy.delay(Duration.ofMillis(1));
      Instant start = Instant.now();
      assertThat(call()).startsWith("HTTP/1.1 200");
      calls.add(Duration.between(start, Instant.now()));
    }

    assertThat(Collections.min(calls)).isGreaterThanOrEqualTo(Duration.ofMillis(2));
  }

  @Test
  void delays_vary_by_the_jitter() throws Exception {
    proxy.delay(Duration.ofMillis(40), Duration.ofMillis(40));
    List<Duration> calls = new ArrayList<>();
    for (int time = 0; time < 20; time++) {
      Instant start = Instant.now();
      assertThat(call()).startsWith("HTTP/1.1 200");
      calls.add(Duration.between(start, Instant.now()));
    }

    assertThat(Collections.max(calls).minus(Collections.min(calls)))
        .isGreaterThan(Duration.ofMillis(30));
  }

  @Test
  void a_long_burst_is_delayed_once() throws Exception {
    call();
    proxy.delay(Duration.ofMillis(100));
    Instant start = Instant.now();

    client.getOutputStream().write("GET /huge?bytes=1000000 HTTP/1.1\r\n\r\n".getBytes(UTF_8));
    assertThat(client.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);

    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofMillis(190), Duration.ofSeconds(1));
  }

  @Test
  void cuts_the_connection_that_carries_the_nth_byte_of_an_answer() throws Exception {
    call();
    proxy.cutAt(ChaosProxy.Way.TO_CLIENT, 12);

    client.getOutputStream().write(CALL);
    assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("HTTP/1.1 200");

    client = connected();
    assertThat(call()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void a_request_that_is_cut_does_not_arrive() throws Exception {
    call();
    proxy.cutAt(ChaosProxy.Way.TO_SERVER, CALL.length - 4);

    assertThatThrownBy(this::call).isInstanceOf(SocketException.class);
    assertThat(target.ledger().size()).isEqualTo(1);
  }

  @Test
  void limits_the_rate() throws Exception {
    proxy.rate(200);
    Instant start = Instant.now();

    assertThat(call()).startsWith("HTTP/1.1 200");
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void a_black_hole_keeps_what_it_took_until_it_may_pass() throws Exception {
    proxy.blackHole();
    client.setSoTimeout(300);
    assertThatThrownBy(this::call).isInstanceOf(SocketTimeoutException.class);
    assertThat(target.ledger().size()).isZero();

    proxy.pass();
    client.setSoTimeout(5_000);

    assertThat(answer()).startsWith("HTTP/1.1 200");
  }

  @Test
  void reset_breaks_open_connections_and_takes_new_ones() throws Exception {
    call();
    proxy.reset();

    assertThatThrownBy(this::call).isInstanceOf(SocketException.class);
    client = connected();
    assertThat(call()).startsWith("HTTP/1.1 200");
  }

  @Test
  void connections_that_are_reset_while_they_come_do_not_keep_others_from_coming()
      throws Exception {
    for (int time = 0; time < 300; time++) {
      Socket early = new Socket("127.0.0.1", proxy.port());
      proxy.reset();
      early.close();
    }

    client = connected();
    assertThat(call()).startsWith("HTTP/1.1 200");
  }

  @Test
  void refuses_until_it_may_pass() throws Exception {
    call();
    proxy.refuse();
    // The listener is gone a moment after its thread has left accept().
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThatThrownBy(this::connected).isInstanceOf(ConnectException.class));

    proxy.pass();
    client = connected();

    assertThat(call()).startsWith("HTTP/1.1 200");
  }

  @Test
  void goes_on_when_the_server_behind_was_away() throws Exception {
    int port = NodeBuilder.freePort();
    try (ChaosProxy before = ChaosProxy.before(port)) {
      for (int time = 0; time < 3; time++) {
        assertThatThrownBy(() -> byteThrough(before))
            .isInstanceOf(SocketException.class)
            .isNotInstanceOf(ConnectException.class);
      }
      try (ServerSocket back = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
          Socket socket = new Socket("127.0.0.1", before.port())) {
        back.setSoTimeout(5_000);
        socket.setSoTimeout(5_000);
        try (Socket behind = back.accept()) {
          behind.getOutputStream().write(7);
          assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
      }
    }
  }

  /** The connection may be broken as soon as it stands, that is, while it is still being made. */
  private static int byteThrough(ChaosProxy proxy) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
      socket.setSoTimeout(5_000);
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new SocketException("closed");
      }
      return read;
    }
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket("127.0.0.1", proxy.port());
    socket.setSoTimeout(5_000);
    return socket;
  }

  private String call() throws IOException {
    client.getOutputStream().write(CALL);
    return answer();
  }

  private String answer() throws IOException {
    byte[] bytes = new byte[1_024];
    int count = client.getInputStream().read(bytes);
    if (count < 0) {
      throw new SocketException("closed");
    }
    return new String(bytes, 0, count, UTF_8);
  }
}
