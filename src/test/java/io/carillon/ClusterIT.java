package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Cluster;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submission;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three processes of the real jar on one database; one of them is killed. */
@Timeout(90)
class ClusterIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration IN_TIME = Duration.ofSeconds(2);
  private static final Duration AFTER_A_DEATH = Duration.ofSeconds(6);
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(ClusterIT.class);
  private static final long SEED = Seed.of(ClusterIT.class);

  private static TestDatabase database;
  private static Cluster cluster;
  @AutoClose private TargetServer target;

  @BeforeAll
  static void start_three_nodes() {
    database = TestDatabase.create();
    cluster = Cluster.start(3, database.url(), database.user(), database.password());
  }

  @AfterAll
  static void stop_all() {
    if (cluster != null) {
      cluster.close();
    }
    database.close();
  }

  @BeforeEach
  void start() throws IOException {
    target = TargetServer.start();
  }

  @Test
  void a_job_created_on_one_node_is_read_on_another_and_fired_once_by_anyone() {
    Answer created =
        cluster
            .api(0)
            .post(
                "/api/v1/jobs",
                Submitter.job("one", target.url("/ok"), Submitter.after(Duration.ofSeconds(1))));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String id = created.text("id");

    assertThat(cluster.api(1).get("/api/v1/jobs/" + id).text("id")).isEqualTo(id);
    within(SOON).until(() -> !target.ledger().ofJob(id).isEmpty());
    within(SOON)
        .untilAsserted(
            () ->
                assertThat(executions(2, id))
                    .singleElement()
                    .satisfies(
                        each -> {
                          assertThat(each.path("state").asText()).isEqualTo("SUCCEEDED");
                          assertThat(each.path("attempt").asInt()).isEqualTo(1);
                          assertThat(each.path("node").asText()).isNotEmpty();
                        }));
    Awaitility.await()
        .during(IN_TIME)
        .atMost(SOON)
        .until(() -> target.ledger().ofJob(id).size() == 1);
  }

  @Test
  void jobs_due_a_moment_after_their_creation_are_called_once_and_in_time() throws Exception {
    try (Submitter submitter = new Submitter(cluster.apis(), 50, SEED)) {
      submitter.submit(
          200,
          (tag, random) ->
              Submitter.job(tag, target.url("/ok"), Submitter.after(Duration.ofMillis(1))),
          Duration.ofSeconds(30));

      Auditor auditor = new Auditor(target.ledger(), submitter);
      assertThat(submitter.acknowledged()).hasSize(200);
      Audit audit = auditor.oneTimeWithin(SOON);
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(IN_TIME);
      within(SOON)
          .untilAsserted(() -> assertThat(auditor.historyFaults(cluster.api(1), 50)).isEmpty());
    }
  }

  @Test
  void recurring_jobs_are_called_once_for_each_occurrence() throws Exception {
    try (Submitter submitter = new Submitter(cluster.apis(), 50, SEED)) {
      submitter.submit(
          20,
          (tag, random) -> Submitter.job(tag, target.url("/ok"), Submitter.everyFiveSeconds()),
          SOON);
      assertThat(submitter.acknowledged()).hasSize(20);
      Instant from = Instant.now();
      Instant to = from.plusSeconds(20);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Instant.now().isAfter(to.plus(IN_TIME)));
      cancel(submitter.acknowledged());

      Auditor auditor = new Auditor(target.ledger(), submitter);
      Audit audit = auditor.recurring(FIVE, from, to);
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(IN_TIME);
      within(SOON)
          .untilAsserted(() -> assertThat(auditor.historyFaults(cluster.api(1), 20)).isEmpty());
    }
  }

  @Test
  void a_killed_node_loses_nothing_and_its_calls_repeat_under_their_old_ids() throws Exception {
    try (Submitter submitter = new Submitter(List.of(cluster.api(0), cluster.api(2)), 100, SEED)) {
      CountDownLatch open = beginSlow(submitter, 800, 500, 3_000);
      within(SOON).until(() -> target.ledger().size() >= 200);

      cluster.node(1).kill9();
      assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(800);
      nothingIsLostAndRepeatsArePrompt("One of three nodes killed", submitter);
    } finally {
      cluster.heal();
    }
  }

  /**
   * Longer than a lease: the others take over, and the sleeper wakes with calls it had begun and
   * calls it had not.
   */
  @Test
  void a_frozen_node_wakes_as_another_and_nothing_is_lost_or_called_more_than_twice()
      throws Exception {
    try (Submitter submitter = new Submitter(List.of(cluster.api(0), cluster.api(2)), 100, SEED)) {
      CountDownLatch open = beginSlow(submitter, 1_200, 500, 3_000);
      within(SOON).until(() -> target.ledger().size() >= 200);

      String before = nodeName(1);
      cluster.node(1).stop();
      Awaitility.await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
      cluster.node(1).cont();
      assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();

      // While the sleeper's last transaction holds the lock row (3 s at most), some creates are
      // refused.
      assertThat(submitter.refused()).allMatch(refused -> refused.status() == 503);
      assertThat(submitter.unknown()).as(cluster.story()).isEmpty();
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSizeGreaterThan(800);
      nothingIsLostAndRepeatsArePrompt("One of three nodes frozen for 8 s", submitter);
      within(SOON).until(() -> cluster.node(1).isReady());
      assertThat(nodeName(1)).isNotEqualTo(before);
    } finally {
      cluster.heal();
    }
  }

  private static String nodeName(int node) {
    return cluster.api(node).get("/healthz").body().at("/details/node/name").asText();
  }

  @Test
  void an_orderly_stop_of_one_node_is_noticed_by_nobody() throws Exception {
    try (Submitter submitter = new Submitter(List.of(cluster.api(0), cluster.api(1)), 60, SEED)) {
      CountDownLatch open = beginSlow(submitter, 400, 100, 2_000);
      within(SOON).until(() -> target.ledger().size() >= 100);

      cluster.node(2).term();
      assertThat(cluster.node(2).awaitExit(SOON)).as(cluster.story()).isZero();
      assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(400);
      Audit audit = new Auditor(target.ledger(), submitter).oneTimeWithin(SOON);
      LOG.info("One of three nodes stopped: {}", audit);
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(IN_TIME);
    } finally {
      cluster.heal();
    }
  }

  /**
   * Jobs whose calls take 300 ms, due after {@code soonest} ms and up to {@code spread} ms more.
   */
  private CountDownLatch beginSlow(Submitter submitter, int jobs, int soonest, int spread) {
    return submitter.begin(
        jobs,
        (tag, random) ->
            Submitter.job(
                tag,
                target.url("/slow?ms=300"),
                Submitter.after(Duration.ofMillis(soonest + random.nextInt(spread)))));
  }

  private void nothingIsLostAndRepeatsArePrompt(String fault, Submitter submitter) {
    Auditor auditor = new Auditor(target.ledger(), submitter);
    Audit called = auditor.oneTimeWithin(Duration.ofSeconds(25));
    assertThat(called.lost()).as(called + cluster.story()).isEmpty();
    within(SOON)
        .untilAsserted(() -> assertThat(auditor.historyFaults(cluster.api(0), 100)).isEmpty());
    Audit audit = auditor.oneTime();
    LOG.info("{}: {}", fault, audit);
    assertThat(audit.atLeastOnce()).as(audit + cluster.story()).isTrue();
    assertThat(audit.repeated().values()).as(audit.toString()).allMatch(count -> count == 2);
    assertThat(latest(target.ledger())).as(audit.toString()).isLessThanOrEqualTo(AFTER_A_DEATH);
  }

  /** How late the latest call was, repeats after a death included. */
  private static Duration latest(Ledger ledger) {
    return ledger.arrivals().stream()
        .map(Arrival::lateness)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static JsonNode executions(int node, String jobId) {
    return cluster.api(node).get("/api/v1/jobs/" + jobId + "/executions").body().path("items");
  }

  private static void cancel(List<Submission.Acknowledged> jobs) {
    jobs.forEach(
        each ->
            assertThat(cluster.api(0).delete("/api/v1/jobs/" + each.jobId()).status())
                .isEqualTo(200));
  }

  private static ConditionFactory within(Duration limit) {
    return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(100));
  }
}
