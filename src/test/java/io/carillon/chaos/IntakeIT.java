package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.JsonApi;
import io.carillon.harness.Ledger;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job per key, and one attempt per redriven letter, while a node is killed. */
@Tag("chaos")
@Timeout(90)
class IntakeIT {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeIT.class);
  private static final int CALLERS = 48;
  private static final int KEYS = 100;
  private static final int LETTERS = 600;

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    // The letters are made by calls that all fail: with a breaker most would wait in its place.
    cluster = ProxiedCluster.ofThree(Map.of("CARILLON_BREAKER_ENABLED", "false"));
  }

  private Map<String, Object> once(String key) {
    Map<String, Object> job =
        new HashMap<>(
            Submitter.job(
                key, cluster.target().url("/ok"), Submitter.after(Duration.ofSeconds(1))));
    job.put("dedup", Map.of("key", key, "ttl", "PT1H", "mode", "RETURN"));
    return job;
  }

  /** Of each key the ids that were answered; what a node answered that was killed is not known. */
  private Map<String, Set<String>> submit(int caller) {
    Map<String, Set<String>> told = new HashMap<>();
    JsonApi api = cluster.api(caller % 3);
    for (int k = 0; k < KEYS; k++) {
      String key = "key-" + (k + caller) % KEYS;
      try {
        Answer answer = api.post("/api/v1/jobs", once(key));
        if (answer.status() == 200 || answer.status() == 201) {
          told.computeIfAbsent(key, same -> new HashSet<>()).add(answer.text("id"));
        }
      } catch (UncheckedIOException gone) {
        LOG.debug("node {} did not answer", caller % 3);
      }
    }
    return told;
  }

  @Test
  void each_key_has_one_job_and_one_call_whoever_asked_and_whoever_died() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    Map<String, Set<String>> told = new HashMap<>();
    try {
      List<Future<Map<String, Set<String>>>> answers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        answers.add(callers.submit(() -> submit(caller)));
      }
      Verdict.eventually(
          Duration.ofSeconds(20),
          () -> assertThat(cluster.target().ledger().size()).isGreaterThan(KEYS / 3));
      cluster.node(0).kill9();
      for (Future<Map<String, Set<String>>> answer : answers) {
        answer
            .get(60, TimeUnit.SECONDS)
            .forEach((key, ids) -> told.computeIfAbsent(key, s -> new HashSet<>()).addAll(ids));
      }
    } finally {
      callers.shutdownNow();
    }

    assertThat(told).hasSize(KEYS);
    assertThat(told.values()).as(cluster.story()).allMatch(ids -> ids.size() == 1);
    Ledger ledger = cluster.target().ledger();
    Verdict.eventually(Duration.ofSeconds(20), () -> assertThat(ledger.jobs()).hasSize(KEYS));
    assertThat(ledger.arrivals())
        .extracting(Arrival::executionId)
        .as("one execution per key")
        .satisfies(ids -> assertThat(new HashSet<>(ids)).hasSize(KEYS));
  }

  private List<Map<String, Object>> hopeless() {
    List<Map<String, Object>> jobs = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      Map<String, Object> job =
          new HashMap<>(
              Submitter.job("l" + i, cluster.target().url("/flaky?fail=1"), Map.of("type", "now")));
      job.put("retry", Map.of("maxAttempts", 1));
      jobs.add(job);
    }
    return jobs;
  }

  @Test
  void each_letter_is_attempted_once_more_though_two_nodes_redrive_all_and_one_dies()
      throws Exception {
    assertThat(cluster.api(0).post("/api/v1/jobs:batch", Map.of("jobs", hopeless())).status())
        .isEqualTo(200);
    Ledger ledger = cluster.target().ledger();
    Verdict.eventually(
        Duration.ofSeconds(20),
        () -> {
          assertThat(ledger.size()).isEqualTo(LETTERS);
          assertThat(letters()).as("all have ended").isEqualTo(LETTERS);
        });
    Map<String, Object> all = Map.of("filter", Map.of("reason", "HTTP_503"), "ratePerSecond", 100);
    ExecutorService callers = Executors.newFixedThreadPool(2);
    int redriven = 0;
    try {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int n = 0; n < 2; n++) {
        JsonApi api = cluster.api(n);
        answers.add(callers.submit(() -> api.post("/api/v1/dead-letters/redrive", all)));
      }
      for (Future<Answer> answer : answers) {
        Answer told = answer.get(30, TimeUnit.SECONDS);
        assertThat(told.status()).as(told.toString()).isEqualTo(202);
        redriven += told.body().path("redriven").asInt();
      }
    } finally {
      callers.shutdownNow();
    }
    cluster.node(1).kill9();

    assertThat(redriven).isEqualTo(LETTERS);
    Verdict.eventually(
        Duration.ofSeconds(30),
        () -> assertThat(attemptedAgain(ledger)).as(cluster.story()).hasSize(LETTERS));
    assertThat(ledger.repeatedTries()).as("no attempt came twice").isEmpty();
    LOG.info(
        "{} letters redriven, {} calls made again for the node that died",
        LETTERS,
        ledger.size() - 2 * LETTERS);
  }

  private static Set<String> attemptedAgain(Ledger ledger) {
    Set<String> again = new HashSet<>();
    for (Arrival arrival : ledger.arrivals()) {
      if (arrival.attempt() > 1) {
        again.add(arrival.executionId());
      }
    }
    return again;
  }

  private int letters() {
    int count = 0;
    String page = "";
    for (int pages = 0; pages <= LETTERS / 200; pages++) {
      Answer list = cluster.api(0).get("/api/v1/dead-letters?limit=200" + page);
      count += list.body().path("items").size();
      if (list.body().path("nextCursor").isNull()) {
        break;
      }
      page = "&cursor=" + list.body().path("nextCursor").asText();
    }
    return count;
  }
}
