package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubmitterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Queue<String> keys = new ConcurrentLinkedQueue<>();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private HttpServer node;

  private record Reply(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    node.createContext("/", this::answer);
    node.start();
  }

  @AfterEach
  void close() {
    node.stop(0);
  }

  @Test
  void a_patient_one_repeats_what_was_refused_for_now_under_the_same_key() throws Exception {
    replies.add(new Reply(503, "{\"code\":\"intake_full\"}"));
    replies.add(new Reply(429, "{\"code\":\"rate_limited\"}"));
    replies.add(new Reply(201, "{\"id\":\"job-1\"}"));
    try (Submitter submitter = patient()) {
      submitter.submit(1, SubmitterTest::draft, LIMIT);

      assertThat(submitter.acknowledged()).hasSize(1);
      assertThat(submitter.refused()).isEmpty();
      assertThat(submitter.refusals()).hasSize(2).allMatch(Submission.Refusal::isOrderly);
      assertThat(keys).hasSize(3).containsOnly("7-t1");
    }
  }

  @Test
  void what_was_left_open_once_stays_open_though_it_is_refused_later() throws Exception {
    replies.add(new Reply(503, "{\"code\":\"outcome_unknown\"}"));
    try (Submitter submitter = patient()) {
      submitter.submit(1, SubmitterTest::draft, LIMIT);

      assertThat(submitter.unknown()).hasSize(1);
      assertThat(submitter.refused()).isEmpty();
    }
  }

  @Test
  void a_fault_of_the_server_is_no_orderly_refusal() throws Exception {
    replies.add(new Reply(500, "{\"code\":\"internal\"}"));
    try (Submitter submitter = patient()) {
      submitter.submit(1, SubmitterTest::draft, LIMIT);

      assertThat(submitter.refused()).hasSize(1);
      assertThat(submitter.refusals()).noneMatch(Submission.Refusal::isOrderly);
    }
  }

  @Test
  void each_job_of_a_batch_is_acknowledged_by_itself() throws Exception {
    replies.add(
        new Reply(
            200, "{\"items\":[{\"status\":201,\"id\":\"a\"},{\"status\":422,\"errors\":[]}]}"));
    try (Submitter submitter = patient()) {
      submitter.submitInBatches(2, 2, SubmitterTest::draft, LIMIT);

      assertThat(submitter.acknowledged()).extracting(each -> each.jobId()).containsExactly("a");
      assertThat(submitter.refused()).extracting(each -> each.tag()).containsExactly("t2");
    }
  }

  private Submitter patient() {
    JsonApi api = JsonApi.onPort(node.getAddress().getPort());
    return Submitter.patient(List.of(api), 1_000, 7, Duration.ofSeconds(4));
  }

  private static Map<String, ?> draft(String tag, RandomGenerator random) {
    return Submitter.job(tag, "http://127.0.0.1:1/ok", Submitter.after(Duration.ofSeconds(1)));
  }

  /** The replies in order; when they are spent, that nothing is accepted now. */
  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
    Reply next = replies.poll();
    Reply reply = next == null ? new Reply(503, "{\"code\":\"store_unavailable\"}") : next;
    byte[] body = reply.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Retry-After", "1");
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
