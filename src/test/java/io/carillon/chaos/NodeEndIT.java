package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AutoClose;
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

  private static final Duration STOPPED = Duration.ofSeconds(12);

  /** On a machine that others use as well five restarts may take too long. */
  private static final Duration KILLING = Duration.ofSeconds(45);

  /** What may begin between the count and the kill. */
  private static final int MEANWHILE = 30;

  private final long seed = Seed.of(NodeEndIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  @Tag("chaos-core")
  void five_kills_lose_nothing_and_repeat_only_what_was_being_called() throws Exception {
    Random random = new Random(seed);
    List<Disturbance> kills = new ArrayList<>();
    int atMost = 0;
    try (Load load = Load.on(cluster, Load.Answering.after(300), seed)) {
      Instant enough = Instant.now().plus(KILLING);
      while (kills.size() < KILLS && Instant.now().isBefore(enough)) {
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
          load.judge(
              "Killed " + kills.size() + " times",
              kills,
              Judgement.Limits.promised(cluster.canary()));
      assertThat(kills).hasSizeGreaterThanOrEqualTo(2);
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

      Instant told = Instant.now();
      cluster.node(1).term();
      assertThat(cluster.node(1).awaitExit(STOPPED.multipliedBy(2))).as(cluster.story()).isZero();
      Instant ended = Instant.now();
      assertThat(cluster.canary().judged(Duration.between(told, ended), ended))
          .as(cluster.canary() + cluster.story())
          .isLessThanOrEqualTo(STOPPED);
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
  void nodes_that_are_restarted_one_after_the_other_lose_and_repeat_nothing() throws Exception {
    try (Load load = Load.on(cluster, Load.Answering.after(300), seed)) {
      for (int node = 0; node < 3; node++) {
        load.awaitCalls(200);
        cluster.node(node).term();
        assertThat(cluster.node(node).awaitExit(STOPPED)).as(cluster.story()).isZero();
        cluster.node(node).start().awaitReady(Duration.ofSeconds(30));
      }
      Judgement judgement =
          load.judge(
              "Restarted one after the other",
              List.of(),
              Judgement.Limits.promised(cluster.canary()));
      assertThat(judgement.oneTime().exactlyOnce()).isTrue();
      assertThat(judgement.recurring().exactlyOnce()).isTrue();
      assertThat(load.oneTime().refused()).isEmpty();
      assertThat(load.oneTime().unknown()).isEmpty();
    }
  }
}
