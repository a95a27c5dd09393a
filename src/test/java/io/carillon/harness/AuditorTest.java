package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditorTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration FIVE = Duration.ofSeconds(5);

  private final Ledger ledger = new Ledger();
  private final AtomicInteger jobs = new AtomicInteger();
  private volatile String history = "{\"items\":[]}";
  private HttpServer node;
  private Submitter submitter;
  private Auditor auditor;

  @BeforeEach
  void start() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    node.createContext("/api/v1/jobs", this::answer);
    node.start();
    submitter = new Submitter(List.of(api()), 1_000, 7);
    auditor = new Auditor(ledger, submitter);
  }

  @AfterEach
  void close() {
    submitter.close();
    node.stop(0);
  }

  @Test
  void every_job_called_once_is_exactly_once() throws Exception {
    promise(3);
    for (int n = 1; n <= 3; n++) {
      arrives("job-" + n, "run-" + n, 1, NOON);
    }

    assertThat(auditor.oneTime().exactlyOnce()).isTrue();
    assertThat(auditor.oneTime().promised()).isEqualTo(3);
  }

  @Test
  void a_job_that_was_never_called_is_lost() throws Exception {
    promise(2);
    arrives("job-1", "run-1", 1, NOON);

    assertThat(auditor.oneTime().lost()).containsExactly("job-2");
    assertThat(auditor.oneTime().toString()).contains("lost: 1, for example [job-2]");
    assertThat(auditor.oneTime().atLeastOnce()).isFalse();
  }

  @Test
  void a_call_that_nobody_asked_for_is_a_phantom() throws Exception {
    promise(1);
    arrives("job-1", "run-1", 1, NOON);
    arrives("job-9", "run-9", 1, NOON);

    assertThat(auditor.oneTime().phantom()).containsExactly("job-9");
  }

  @Test
  void a_repeat_under_the_old_id_is_at_least_once_only() throws Exception {
    promise(1);
    arrives("job-1", "run-1", 1, NOON);
    arrives("job-1", "run-1", 2, NOON);

    assertThat(auditor.oneTime().exactlyOnce()).isFalse();
    assertThat(auditor.oneTime().atLeastOnce()).isTrue();
  }

  @Test
  void two_ids_for_one_occurrence_are_never_allowed() throws Exception {
    promise(1);
    arrives("job-1", "run-1", 1, NOON);
    arrives("job-1", "run-2", 1, NOON);

    assertThat(auditor.oneTime().atLeastOnce()).isFalse();
  }

  @Test
  void a_recurring_job_must_meet_every_beat_of_the_window_and_no_other() throws Exception {
    promise(1);
    arrives("job-1", "run-1", 1, NOON.plusSeconds(5));
    arrives("job-1", "run-2", 1, NOON.plusSeconds(12));

    Audit audit = auditor.recurring(FIVE, NOON, NOON.plusSeconds(10));

    assertThat(audit.missed()).containsExactly("job-1 at 2026-11-22T12:00:10Z");
    assertThat(audit.extra()).containsExactly("job-1 at 2026-11-22T12:00:12Z");
  }

  @Test
  void a_submission_without_an_answer_may_be_called_or_not() throws Exception {
    node.stop(0);
    submitter.submit(1, this::draft, FIVE);
    ledger.record(
        new Arrival(
            "run-1", 1, "job-x", NOON, false, NOON, "POST", "/ok", Map.of(), "{\"tag\":\"t1\"}"));

    assertThat(submitter.unknown()).hasSize(1);
    assertThat(auditor.oneTime().phantom()).isEmpty();
    assertThat(auditor.oneTime().lost()).isEmpty();
  }

  @Test
  void the_history_must_tell_what_the_ledger_tells() throws Exception {
    promise(1);
    arrives("job-1", "run-1", 1, NOON);
    history = "{\"items\":[{\"id\":\"run-1\",\"state\":\"SUCCEEDED\"}]}";
    assertThat(auditor.historyFaults(api(), 10)).isEmpty();

    history = "{\"items\":[{\"id\":\"run-2\",\"state\":\"SUCCEEDED\"}]}";

    assertThat(auditor.historyFaults(api(), 10))
        .containsExactly(
            "job-1: execution run-2 is SUCCEEDED in the history, but did not arrive at the target",
            "job-1: execution run-1 is not in the history");
  }

  private void promise(int count) throws InterruptedException {
    submitter.submit(count, this::draft, FIVE);
    assertThat(submitter.acknowledged()).hasSize(count);
  }

  private Map<String, ?> draft(String tag, RandomGenerator random) {
    return Submitter.job(tag, "http://127.0.0.1:1/ok", Submitter.after(Duration.ofSeconds(1)));
  }

  private JsonApi api() {
    return JsonApi.onPort(node.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean create = exchange.getRequestMethod().equals("POST");
    byte[] body =
        (create ? "{\"id\":\"job-" + jobs.incrementAndGet() + "\"}" : history).getBytes(UTF_8);
    exchange.sendResponseHeaders(create ? 201 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void arrives(String job, String execution, int attempt, Instant scheduled) {
    ledger.record(
        new Arrival(
            execution,
            attempt,
            job,
            scheduled,
            false,
            scheduled.plusMillis(20),
            "POST",
            "/ok",
            Map.of(),
            "{\"tag\":\"none\"}"));
  }
}
