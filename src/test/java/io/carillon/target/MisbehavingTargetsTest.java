package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
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

  @AutoClose private final Caller caller = new Caller();

  @Test
  void a_target_that_never_answers_times_out() throws Exception {
    try (RawServer server = RawServer.hanging()) {
      long start = System.nanoTime();
      Failed failed = caller.failed(server, SHORT);
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
          (Failed) caller.call(Firings.get("http://127.0.0.1:" + deaf.getLocalPort() + "/", SHORT));
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
      Failed failed = caller.failed(server, SHORT);
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
      Outcome outcome = caller.call(Firings.get(server.url(), Duration.ofSeconds(5)));
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
      assertThat(caller.failed(server, Duration.ofSeconds(5)).reason()).isEqualTo(Reasons.NETWORK);
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
      assertThat(caller.failed(server, SHORT).reason()).isIn(Reasons.TIMEOUT, Reasons.NETWORK);
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
      assertThat(caller.failed(server, Duration.ofSeconds(5)).reason()).isEqualTo(Reasons.NETWORK);
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
      Failed failed = caller.failed(server, Duration.ofSeconds(5));
      assertThat(failed.reason()).isEqualTo(Reasons.NETWORK);
      assertThat(failed.error()).startsWith("GET " + server.url() + ": ").doesNotContain("\n");
    }
  }
}
