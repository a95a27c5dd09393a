package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Cluster;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The large runs by which a release is judged: {@code mvn -Pacceptance -Dgroups=acceptance verify}.
 */
@Tag("acceptance")
@Timeout(300)
class AcceptanceIT {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptanceIT.class);
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final Duration IN_TIME = Duration.ofSeconds(2);
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int KILLS = 10;

  private final long seed = Seed.of(AcceptanceIT.class);
  @AutoClose private TargetServer oneTimeTarget;
  @AutoClose private TargetServer recurringTarget;

  @BeforeEach
  void start() throws IOException {
    oneTimeTarget = TargetServer.start();
    recurringTarget = TargetServer.start();
  }

  @Test
  void three_thousand_one_time_jobs_and_fifty_crons_arrive_exactly_once_in_time() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Cluster cluster = cluster(database);
        Submitter crons = new Submitter(cluster.apis(), 100, seed);
        Submitter oneTime = new Submitter(cluster.apis(), 250, seed)) {
      crons.submit(
          50,
          (tag, random) ->
              Submitter.job(tag, recurringTarget.url("/ok"), Submitter.everyFiveSeconds()),
          SOON);
      assertThat(crons.acknowledged()).hasSize(50);
      Instant from = Instant.now();
      // Submitted within 12 s and due at most 18 s later: all 3,000 fall due within 30 s.
      oneTime.submit(
          3_000,
          (tag, random) -> oneTimeJob(tag, Duration.ofMillis(1 + random.nextInt(18_000))),
          Duration.ofSeconds(60));
      assertThat(oneTime.acknowledged()).as(cluster.story()).hasSize(3_000);

      judgeOneTime(cluster, oneTime);
      Instant to = Instant.now().minus(IN_TIME);
      Audit audit = new Auditor(recurringTarget.ledger(), crons).recurring(FIVE, from, to);
      LOG.info("Fifty crons for {}: {}", Duration.between(from, to), audit);
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(IN_TIME);
    }
  }

  @Test
  void after_a_minute_of_idleness_the_first_jobs_are_as_punctual_as_any() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Cluster cluster = cluster(database);
        Submitter oneTime = new Submitter(List.of(cluster.api(0)), 100, seed)) {
      Instant rested = Instant.now().plusSeconds(60);
      Awaitility.await()
          .atMost(Duration.ofSeconds(70))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> Instant.now().isAfter(rested));

      oneTime.submit(300, (tag, random) -> oneTimeJob(tag, Duration.ofMillis(1)), SOON);

      assertThat(oneTime.acknowledged()).as(cluster.story()).hasSize(300);
      judgeOneTime(cluster, oneTime);
    }
  }

  @Test
  void ten_crashes_of_a_single_node_during_submission_lose_no_acknowledged_job() throws Exception {
    Random random = new Random(seed);
    try (NodeProcess node = NodeProcess.named("ten-crashes").build();
        Submitter submitter = new Submitter(List.of(node.api()), 200, seed)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        node.start().awaitReady(READY);
        int before = submitter.acknowledged().size();
        int enough = before + 10 + random.nextInt(100);
        CountDownLatch open =
            submitter.begin(
                200, (tag, dice) -> oneTimeJob(tag, Duration.ofMillis(dice.nextInt(3_000))));
        within(SOON).until(() -> submitter.acknowledged().size() >= enough);
        node.kill9();
        assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
      }
      node.start().awaitReady(READY);

      Auditor auditor = new Auditor(oneTimeTarget.ledger(), submitter);
      Audit audit = auditor.oneTimeWithin(SOON);
      LOG.info("{} crashes, {} unanswered: {}", KILLS, submitter.unknown().size(), audit);
      assertThat(audit.atLeastOnce()).as(audit + node.story()).isTrue();
      assertThat(submitter.unknown()).as("no crash met a submission").isNotEmpty();
    }
  }

  private void judgeOneTime(Cluster cluster, Submitter submitter) {
    Auditor auditor = new Auditor(oneTimeTarget.ledger(), submitter);
    Audit called = auditor.oneTimeWithin(SOON);
    assertThat(called.lost()).as(called + cluster.story()).isEmpty();
    within(SOON)
        .untilAsserted(() -> assertThat(auditor.historyFaults(cluster.api(0), 100)).isEmpty());
    Audit audit = auditor.oneTime();
    LOG.info("One-time jobs: {}", audit);
    assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
    assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(IN_TIME);
  }

  private Map<String, ?> oneTimeJob(String tag, Duration delay) {
    return Submitter.job(tag, oneTimeTarget.url("/ok"), Submitter.after(delay));
  }

  private static Cluster cluster(TestDatabase database) {
    return Cluster.start(3, database.url(), database.user(), database.password());
  }

  private static ConditionFactory within(Duration limit) {
    return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(200));
  }
}
