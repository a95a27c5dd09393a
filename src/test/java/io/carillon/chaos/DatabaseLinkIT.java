package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Answer;
import io.carillon.harness.ChaosProxy;
import io.carillon.harness.Disturbance;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way between the nodes and the database is cut, reset or slow. */
@Tag("chaos")
@Timeout(90)
class DatabaseLinkIT {
  private static final int CUTS = 60;
  private final long seed = Seed.of(DatabaseLinkIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  @Tag("chaos-core")
  void a_node_in_a_black_hole_begins_no_calls_and_its_peers_take_over() throws Exception {
    aNodeIsCutOff("Black hole", Duration.ofSeconds(15), ChaosProxy::blackHole);
  }

  @Test
  void a_node_whose_connections_are_refused_begins_no_calls_and_its_peers_take_over()
      throws Exception {
    aNodeIsCutOff("Refused", Duration.ofSeconds(9), ChaosProxy::refuse);
  }

  private interface Cut {
    void apply(ChaosProxy proxy) throws IOException;
  }

  private void aNodeIsCutOff(String fault, Duration length, Cut cut) throws Exception {
    try (Load load = Load.on(cluster, Load.Answering.after(300), seed)) {
      load.awaitCalls(300);
      String before = cluster.instanceName(1);
      Instant from = Instant.now();
      cut.apply(cluster.proxy(1));
      Verdict.rest(Duration.ofSeconds(4));
      assertThat(cluster.node(1).isReady()).isFalse();
      assertThat(cluster.api(1).get("/livez").status()).isEqualTo(200);
      Answer refused =
          cluster
              .api(1)
              .post(
                  "/api/v1/jobs",
                  Submitter.job(
                      "cut", cluster.target().url("/ok"), Submitter.after(Duration.ZERO)));
      assertThat(refused.status()).as(refused + cluster.story()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isNotEmpty();
      Verdict.rest(Duration.between(Instant.now(), from.plus(length)));
      assertThat(cluster.api(1).get("/livez").status()).isEqualTo(200);
      cluster.proxy(1).pass();

      Verdict.soon(Duration.ofSeconds(15)).until(() -> cluster.node(1).isReady());
      Disturbance cutOff = Disturbance.since(from);
      assertThat(cluster.instanceName(1)).isNotEqualTo(before);
      Judgement judgement =
          load.judge(
              fault + " for " + length,
              List.of(cutOff),
              Judgement.Limits.promised(cluster.canary()));
      assertThat(judgement.oneTime().repeated().values()).allMatch(count -> count == 2);
      assertThat(Verdict.overtaken(cluster.target().ledger())).as(cluster.story()).isEmpty();
      assertThat(load.oneTime().refused()).isEmpty();
    }
  }

  @Test
  @Tag("chaos-core")
  void connections_that_drop_each_second_are_noticed_by_no_client() throws Exception {
    try (Load load = Load.on(cluster, Load.Answering.AT_ONCE, seed)) {
      load.awaitCalls(100);
      Instant from = Instant.now();
      for (int second = 0; second < 20; second++) {
        for (ChaosProxy proxy : cluster.proxies()) {
          proxy.reset();
        }
        Verdict.rest(Duration.ofSeconds(1));
      }
      // A commit without an answer is found and called again within seconds, under its own id.
      Judgement judgement =
          load.judge(
              "Connections reset each second",
              List.of(Disturbance.since(from)),
              Judgement.Limits.promised(cluster.canary()).first(Verdict.AFTER_A_DEATH));
      assertThat(judgement.firstTries().p99()).isLessThanOrEqualTo(Verdict.IN_TIME);
      assertThat(judgement.oneTime().repeated()).hasSizeLessThan(100);
      assertThat(load.oneTime().refusals()).as(cluster.story()).isEmpty();
      assertThat(load.oneTime().unanswered()).isZero();
    }
  }

  @Test
  void connections_cut_in_the_middle_of_a_message_lose_and_double_nothing() throws Exception {
    Random random = new Random(seed);
    try (Load load = Load.on(cluster, Load.Answering.AT_ONCE, seed)) {
      load.awaitCalls(100);
      Instant from = Instant.now();
      for (int cut = 0; cut < CUTS; cut++) {
        ChaosProxy.Way way =
            random.nextBoolean() ? ChaosProxy.Way.TO_SERVER : ChaosProxy.Way.TO_CLIENT;
        cluster.proxy(random.nextInt(3)).cutAt(way, random.nextInt(20_000));
        Verdict.rest(Duration.ofMillis(100 + random.nextInt(300)));
      }
      load.judge(
          CUTS + " connections cut in the middle of a message",
          List.of(Disturbance.since(from)),
          Judgement.Limits.promised(cluster.canary()).first(Verdict.AFTER_A_DEATH));
      assertThat(load.oneTime().unanswered()).isZero();
    }
  }

  @Test
  void a_slow_database_makes_nobody_dead_and_doubles_nothing() throws Exception {
    List<String> before = List.of(cluster.instanceName(0), cluster.instanceName(1));
    try (Load load =
        Load.impatient(cluster, Load.Answering.AT_ONCE, seed, Duration.ofSeconds(20))) {
      // A round trip takes 150 ms, give or take 100.
      for (ChaosProxy proxy : cluster.proxies()) {
        proxy.delay(Duration.ofMillis(75), Duration.ofMillis(50));
      }
      load.begin(20, 10);
      Verdict.rest(Duration.ofSeconds(10));
      load.end();
      for (ChaosProxy proxy : cluster.proxies()) {
        proxy.pass();
      }
      Judgement judgement =
          load.judge(
              "Database 150 ms away",
              List.of(),
              Judgement.Limits.promised(cluster.canary()).first(Duration.ofSeconds(60)));
      assertThat(judgement.oneTime().exactlyOnce()).isTrue();
      assertThat(judgement.recurring().exactlyOnce()).isTrue();
      // Slower: what cannot be stored in time is refused, and what the client gave up may be
      // stored.
      assertThat(load.oneTime().acknowledged()).as(cluster.story()).hasSizeGreaterThan(10);
      assertThat(List.of(cluster.instanceName(0), cluster.instanceName(1))).isEqualTo(before);
    }
  }
}
