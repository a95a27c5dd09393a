package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.ChaosProxy;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way between the nodes and the database is cut, reset or slow. */
@Tag("chaos")
@Timeout(90)
class DatabaseLinkIT {
  private static final Duration AFTER_A_DEATH = Duration.ofSeconds(6);
  private final long seed = Seed.of(DatabaseLinkIT.class);
  private TestDatabase database;
  private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    cluster =
        ProxiedCluster.start(
            3,
            new ProxiedCluster.Access(database.url(), database.user(), database.password()),
            Map.of());
  }

  @AfterEach
  void close() throws IOException {
    cluster.close();
    database.close();
  }

  @Test
  void a_node_in_a_black_hole_begins_no_calls_and_its_peers_take_over() throws Exception {
    aNodeIsCutOff("Black hole for 15 s", ChaosProxy::blackHole);
  }

  @Test
  void a_node_whose_connections_are_refused_begins_no_calls_and_its_peers_take_over()
      throws Exception {
    aNodeIsCutOff("Refused for 15 s", ChaosProxy::refuse);
  }

  private interface Cut {
    void apply(ChaosProxy proxy) throws IOException;
  }

  private void aNodeIsCutOff(String fault, Cut cut) throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(List.of(cluster.api(0), cluster.api(2)), 60, seed)) {
      CountDownLatch open = submitter.begin(900, Verdict.within(cluster, "/slow?ms=300", 3_000));
      Verdict.soon(Duration.ofSeconds(20)).until(() -> ledger.size() >= 100);
      String before = cluster.instanceName(1);

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
      Verdict.rest(Duration.ofSeconds(9));
      assertThat(cluster.api(1).get("/livez").status()).isEqualTo(200);
      cluster.proxy(1).pass();

      Verdict.soon(Duration.ofSeconds(15)).until(() -> cluster.node(1).isReady());
      assertThat(cluster.instanceName(1)).isNotEqualTo(before);
      Verdict.ended(open, Duration.ofSeconds(30));
      Audit audit = Verdict.judge(fault, cluster, submitter, Duration.ofSeconds(25));
      assertThat(audit.repeated().values()).allMatch(count -> count == 2);
      assertThat(firstTriesAfterSecondOnes(ledger)).as(cluster.story()).isEmpty();
      assertThat(Verdict.latest(ledger)).as(audit.toString()).isLessThanOrEqualTo(AFTER_A_DEATH);
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSizeGreaterThan(850);
    }
  }

  /** Calls that were begun after another node had taken over. */
  private static List<Arrival> firstTriesAfterSecondOnes(Ledger ledger) {
    return ledger.arrivals().stream()
        .filter(each -> each.attempt() == 1 && each.executionId() != null)
        .filter(
            each ->
                ledger.ofExecution(each.executionId()).stream()
                    .anyMatch(other -> other.attempt() > 1 && other.at().isBefore(each.at())))
        .toList();
  }

  @Test
  void connections_that_drop_each_second_lose_and_double_nothing() throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(cluster.apis(), 40, seed)) {
      CountDownLatch open = submitter.begin(900, Verdict.within(cluster, "/ok", 3_000));
      Verdict.soon(Duration.ofSeconds(20)).until(() -> ledger.size() >= 50);
      for (int second = 0; second < 20; second++) {
        for (ChaosProxy proxy : cluster.proxies()) {
          proxy.reset();
        }
        Verdict.rest(Duration.ofSeconds(1));
      }
      Verdict.ended(open, Duration.ofSeconds(30));
      Audit audit =
          Verdict.judge(
              "Connections reset each second", cluster, submitter, Duration.ofSeconds(25));
      // A commit without an answer is found and called again within seconds, under its own id.
      assertThat(audit.repeated().values()).allMatch(count -> count == 2);
      assertThat(audit.repeated().size()).as(audit.toString()).isLessThan(20);
      assertThat(audit.lateness().p99()).as(audit.toString()).isLessThanOrEqualTo(Verdict.IN_TIME);
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSizeGreaterThan(850);
    }
  }

  @Test
  void a_slow_database_makes_nobody_dead_and_doubles_nothing() throws Exception {
    Ledger ledger = cluster.target().ledger();
    List<String> before = List.of(cluster.instanceName(0), cluster.instanceName(1));
    try (Submitter submitter = new Submitter(cluster.apis(), 4, seed)) {
      for (ChaosProxy proxy : cluster.proxies()) {
        proxy.delay(Duration.ofMillis(75));
      }
      CountDownLatch open = submitter.begin(40, Verdict.within(cluster, "/ok", 3_000));
      Verdict.ended(open, Duration.ofSeconds(50));
      for (ChaosProxy proxy : cluster.proxies()) {
        proxy.pass();
      }
      Audit audit =
          Verdict.judge("Database 150 ms away", cluster, submitter, Duration.ofSeconds(20));
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(ledger.size()).isPositive();
      assertThat(List.of(cluster.instanceName(0), cluster.instanceName(1))).isEqualTo(before);
    }
  }
}
