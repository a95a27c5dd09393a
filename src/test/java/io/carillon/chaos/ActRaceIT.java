package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.JsonApi;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thousand jobs fall due at one instant on three nodes while clients cancel, pause and change
 * them: what was answered has to be true, judged by what the target saw. One cluster after the
 * other would only be a colder one, so all tests have the same; each has a target of its own.
 */
@Tag("chaos")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ActRaceIT {
  private static final Logger LOG = LoggerFactory.getLogger(ActRaceIT.class);
  private static final int JOBS = 1_000;
  private static final int CALLERS = 12;
  private static final Duration WITHIN = Duration.ofSeconds(40);

  @AutoClose private ProxiedCluster cluster;

  /** By job: the executions that there were, as the client was told with or after his answer. */
  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();

  private final AtomicInteger tooLate = new AtomicInteger();

  private TargetServer target;

  @BeforeAll
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @BeforeEach
  void forget() throws IOException {
    target = TargetServer.start();
    told.clear();
    tooLate.set(0);
  }

  @AfterEach
  void closeTarget() throws IOException {
    target.close();
  }

  @Test
  void a_cancelled_job_never_arrives_or_the_answer_names_its_call() throws Exception {
    race(
        (api, job) -> {
          Answer answer = accepted(() -> api.delete("/api/v1/jobs/" + job + "?running=cancel"));
          Instant answered = Instant.now();
          assertThat(answer.status()).as("%s", answer).isEqualTo(200);
          // What was over by then was not running any more.
          Set<String> known = over(api, job, answered);
          answer.body().path("running").forEach(id -> known.add(id.asText()));
          told.put(job, known);
        });
    judge();
  }

  @Test
  void a_paused_job_is_not_called_by_what_fires_after_the_answer() throws Exception {
    race(
        (api, job) -> {
          Answer answer = accepted(() -> api.post("/api/v1/jobs/" + job + "/pause", null));
          if (answer.status() == 409) {
            tooLate.incrementAndGet();
          } else {
            assertThat(answer.text("state")).as("%s", answer).isEqualTo("PAUSED");
          }
          told.put(job, executions(api, job));
        });
    judge();
  }

  @Test
  void a_changed_job_is_called_by_its_old_plan_or_by_its_new_one() throws Exception {
    String later = Instant.now().plus(Duration.ofDays(1)).toString();
    race(
        (api, job) -> {
          Answer answer =
              accepted(
                  () ->
                      api.patch(
                          "/api/v1/jobs/" + job,
                          Map.of("schedule", Map.of("type", "at", "at", later))));
          assertThat(answer.status()).as("%s", answer).isEqualTo(200);
          assertThat(answer.text("nextFireTime"))
              .as("%s", answer)
              .startsWith(later.substring(0, 19));
          told.put(job, executions(api, job));
        });
    judge();
  }

  @Test
  void a_cancelled_execution_is_broken_off_on_whichever_node_calls() throws Exception {
    int calls = 60;
    for (int n = 0; n < calls; n++) {
      create("hang-" + n, "/hang", Instant.now());
    }
    Verdict.soon(WITHIN).until(() -> target.ledger().size() == calls);
    Instant begun = Instant.now();
    for (Arrival call : target.ledger().arrivals()) {
      Answer answer =
          cluster.api(1).post("/api/v1/executions/" + call.executionId() + "/cancel", null);
      assertThat(answer.status() + " " + answer.text("state")).isEqualTo("202 RUNNING");
    }
    Instant asked = Instant.now();
    Verdict.soon(WITHIN)
        .until(
            () ->
                cluster
                    .api(2)
                    .get("/api/v1/executions?state=RUNNING&limit=1")
                    .body()
                    .at("/items")
                    .isEmpty());
    Duration longest = Duration.between(asked, Instant.now());
    LOG.info(
        "{} calls cancelled in {}, over {} later", calls, Duration.between(begun, asked), longest);
    assertThat(cluster.canary().judged(longest, asked)).isLessThan(Duration.ofSeconds(1));
    for (Arrival call : target.ledger().arrivals()) {
      assertThat(cluster.api(0).get("/api/v1/executions/" + call.executionId()).text("state"))
          .isEqualTo("CANCELLED");
    }
    assertThat(target.ledger().size()).isEqualTo(calls);
  }

  @FunctionalInterface
  private interface Act {
    void on(JsonApi api, String job);
  }

  /** Acts on every job, through all nodes, from shortly before they fall due on. */
  private void race(Act act) throws InterruptedException {
    Instant at = Instant.now().plusSeconds(5);
    List<String> jobs = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      List<Map<String, ?>> batch = Collections.nCopies(JOBS / 4, definition("/slow?ms=300", at));
      Answer answer = cluster.api(0).post("/api/v1/jobs:batch", Map.of("jobs", batch));
      answer.body().path("items").forEach(item -> jobs.add(item.path("id").asText()));
    }
    assertThat(jobs).hasSize(JOBS).doesNotContain("");
    CountDownLatch done = new CountDownLatch(CALLERS);
    List<Throwable> failed = new ArrayList<>();
    for (int n = 0; n < CALLERS; n++) {
      int caller = n;
      Thread thread =
          new Thread(
              () -> {
                try {
                  Verdict.soon(WITHIN).until(() -> !Instant.now().isBefore(at.minusMillis(1_500)));
                  for (int i = caller; i < JOBS; i += CALLERS) {
                    act.on(cluster.api(i % 3), jobs.get(i));
                  }
                } catch (RuntimeException | AssertionError fault) {
                  synchronized (failed) {
                    failed.add(fault);
                  }
                } finally {
                  done.countDown();
                }
              },
              "act-" + n);
      thread.setDaemon(true);
      thread.start();
    }
    Verdict.ended(done, Duration.ofSeconds(60));
    assertThat(failed).isEmpty();
  }

  /** As a client does that is told to come again, since nothing was accepted. */
  private static Answer accepted(Supplier<Answer> act) {
    AtomicReference<Answer> last = new AtomicReference<>();
    Verdict.soon(WITHIN)
        .until(
            () -> {
              last.set(act.get());
              return last.get().status() != 503;
            });
    return last.get();
  }

  private void create(String job, String path, Instant at) {
    Answer answer = cluster.api(0).put("/api/v1/jobs/" + job, definition(path, at));
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
  }

  private Map<String, ?> definition(String path, Instant at) {
    return Map.of(
        "target",
        Map.of("type", "http", "url", target.url(path)),
        "schedule",
        Map.of("type", "at", "at", at.toString(), "allowPast", true),
        "retry",
        Map.of("maxAttempts", 1));
  }

  private static Set<String> executions(JsonApi api, String job) {
    Set<String> ids = new HashSet<>();
    api.get("/api/v1/jobs/" + job + "/executions")
        .body()
        .path("items")
        .forEach(item -> ids.add(item.path("id").asText()));
    return ids;
  }

  private static Set<String> over(JsonApi api, String job, Instant by) {
    Set<String> ids = new HashSet<>();
    api.get("/api/v1/jobs/" + job + "/executions?state=SUCCEEDED,FAILED")
        .body()
        .path("items")
        .forEach(
            item -> {
              if (!Instant.parse(item.path("finishedAt").asText()).isAfter(by)) {
                ids.add(item.path("id").asText());
              }
            });
    return ids;
  }

  /** Whatever arrived was told of; nothing arrived twice. */
  private void judge() {
    Verdict.soon(WITHIN)
        .until(
            () ->
                cluster
                    .api(0)
                    .get("/api/v1/executions?state=RUNNING&limit=1")
                    .body()
                    .at("/items")
                    .isEmpty());
    Verdict.rest(Duration.ofSeconds(2));
    List<Arrival> arrivals = target.ledger().arrivals();
    LOG.info("{} of {} jobs were called, {} acts came too late", arrivals.size(), JOBS, tooLate);
    assertThat(told).hasSize(JOBS);
    List<String> untold =
        arrivals.stream()
            .filter(call -> !told.get(String.valueOf(call.jobId())).contains(call.executionId()))
            .map(call -> call.jobId() + " at " + call.at())
            .toList();
    assertThat(untold).as(cluster.story()).isEmpty();
    assertThat(target.ledger().repeatedExecutions()).isEmpty();
    assertThat(arrivals).as("the race was one").hasSizeBetween(1, JOBS - 1);
  }
}
