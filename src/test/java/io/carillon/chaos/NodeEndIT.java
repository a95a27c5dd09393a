package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Disturbance;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nodes end while their calls run: asked to, or not. */
@Tag("chaos")
@Timeout(90)
class NodeEndIT {
  private static final Logger LOG = LoggerFactory.getLogger(NodeEndIT.class);
  private static final int KILLS = 5;

  /** What may begin between the count and the kill. */
  private static final int MEANWHILE = 30;

  private final long seed = Seed.of(NodeEndIT.class);
  private TestDatabase database;
  private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    cluster = ProxiedCluster.ofThree(database);
  }

  @AfterEach
  void close() throws IOException {
    cluster.close();
    database.close();
  }

  @Test
  @Tag("chaos-core")
  void five_kills_lose_nothing_and_repeat_only_what_was_being_called() throws Exception {
    Random random = new Random(seed);
    List<Disturbance> kills = new ArrayList<>();
    int atMost = 0;
    try (Load load = Load.on(cluster, Load.Answering.after(300), seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load.awaitCalls(200 + random.nextInt(200));
        int victim = random.nextInt(3);
        Verdict.soon(Duration.ofSeconds(10)).until(() -> cluster.inFlight(victim) > 3);
        Instant before = Instant.now();
        atMost += cluster.inFlight(victim) + MEANWHILE;
        cluster.node(victim).kill9();
        kills.add(Disturbance.since(before));
        cluster.node(victim).start().awaitReady(Duration.ofSeconds(30));
      }
      Judgement judgement =
          load.judge("Killed five times", kills, Judgement.Limits.promised(cluster.canary()));
      assertThat(judgement.oneTime().repeated()).isNotEmpty().hasSizeLessThanOrEqualTo(atMost);
      assertThat(load.oneTime().refused()).isEmpty();
      assertThat(load.oneTime().unknown()).isEmpty();
    }
  }

  /** The target has sent half of its answer when the caller dies: so it was called, for certain. */
  @Test
  void each_call_that_is_being_answered_at_a_kill_arrives_again_as_its_second_attempt()
      throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(List.of(cluster.api(0)), 100, seed)) {
      submitter.submit(60, Verdict.within(cluster, "/drip?ms=12", 500), Duration.ofSeconds(20));
      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.size() >= 60);
      int answered = cluster.inFlight(1);
      assertThat(answered).isPositive();
      Instant killed = Instant.now();
      cluster.node(1).kill9();

      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.size() >= 60 + answered);
      List<Arrival> again = ledger.arrivals().stream().filter(each -> each.attempt() == 2).toList();
      assertThat(again).hasSize(answered).allMatch(Arrival::recovered);
      assertThat(again)
          .allMatch(
              each -> Duration.between(killed, each.at()).compareTo(Verdict.AFTER_A_DEATH) <= 0);
      assertThat(ledger.repeatedExecutions()).hasSize(answered);
      Verdict.eventually(
          Duration.ofSeconds(30),
          () ->
              assertThat(cluster.records().against(List.of(ledger), Instant.now()))
                  .as(cluster.story())
                  .isEmpty());
      assertThat(cluster.records().stuck()).isEmpty();
      Audit audit = new Auditor(ledger, submitter).oneTime();
      LOG.info("Killed while {} answers were half sent: {}", answered, audit);
      assertThat(audit.atLeastOnce()).as(audit + cluster.story()).isTrue();
    }
  }

  @Test
  void a_node_that_is_told_to_stop_hands_over_its_hanging_calls() throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(List.of(cluster.api(0)), 100, seed)) {
      submitter.submit(50, Verdict.within(cluster, "/hang", 500), Duration.ofSeconds(20));
      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.size() >= 50);
      int hanging = cluster.inFlight(1);
      assertThat(hanging).isPositive();

      cluster.node(1).term();
      assertThat(cluster.node(1).awaitExit(Duration.ofSeconds(12))).as(cluster.story()).isZero();
      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.size() >= 50 + hanging);

      assertThat(ledger.repeatedExecutions()).hasSize(hanging);
      assertThat(ledger.repeatedExecutions().values()).allMatch(count -> count == 2);
      assertThat(ledger.repeatedTries()).isEmpty();
      assertThat(ledger.splitOccurrences()).isEmpty();
      assertThat(ledger.arrivals().stream().filter(each -> each.attempt() == 2))
          .hasSize(hanging)
          .allMatch(Arrival::recovered);
    }
  }

  @Test
  void rows_that_nobody_should_have_written_keep_nothing_else_from_firing() throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter broken = new Submitter(List.of(cluster.api(0)), 50, seed);
        Submitter submitter = new Submitter(cluster.apis(), 50, seed)) {
      broken.submit(4, Verdict.within(cluster, "/status/204", 3_000), Duration.ofSeconds(10));
      List<String> ids = broken.acknowledged().stream().map(each -> each.jobId()).toList();
      assertThat(ids).hasSize(4);
      StuckRows rows = new StuckRows(database);
      rows.loseSubRow(ids.get(0));
      rows.loseJobDetail(ids.get(1));
      rows.nameForeignClass(ids.get(2));
      rows.fireByUnknownNode(ids.get(3));
      submitter.submit(300, Verdict.within(cluster, "/ok", 3_000), Duration.ofSeconds(20));

      Verdict.soon(Duration.ofSeconds(60))
          .until(() -> rows.parked().containsAll(ids.subList(0, 3)));
      Verdict.soon(Duration.ofSeconds(60)).until(() -> rows.firedByUnknownNode() == 0);
      Audit audit =
          new io.carillon.harness.Auditor(ledger, submitter).oneTimeWithin(Duration.ofSeconds(15));
      assertThat(audit.lost()).as(audit + cluster.story()).isEmpty();
      assertThat(audit.repeated()).isEmpty();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(Verdict.IN_TIME);
    }
  }
}
