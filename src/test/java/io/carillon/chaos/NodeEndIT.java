package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
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
  private static final Duration AFTER_A_DEATH = Duration.ofSeconds(6);
  private final long seed = Seed.of(NodeEndIT.class);
  private TestDatabase database;
  private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    cluster =
        ProxiedCluster.start(
            3,
            new ProxiedCluster.Access(database.url(), database.user(), database.password()),
            // As many calls at a time on a JVM without virtual threads.
            Map.of("ORG_QUARTZ_THREADPOOL_THREADCOUNT", "1000"));
  }

  @AfterEach
  void close() throws IOException {
    cluster.close();
    database.close();
  }

  @Test
  void a_node_that_is_told_to_stop_hands_over_its_hanging_calls() throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(List.of(cluster.api(0)), 100, seed)) {
      submitter.submit(50, Verdict.within(cluster, "/hang", 500), Duration.ofSeconds(20));
      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.size() >= 50);
      int hanging = inFlight(1);
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

  private int inFlight(int node) {
    return cluster.api(node).get("/healthz").body().at("/details/node/inFlight").asInt();
  }

  @Test
  void calls_that_are_being_answered_at_a_kill_arrive_again_as_second_attempts() throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter = new Submitter(List.of(cluster.api(0), cluster.api(2)), 60, seed)) {
      CountDownLatch open = submitter.begin(900, Verdict.within(cluster, "/slow?ms=500", 3_000));
      Verdict.soon(Duration.ofSeconds(20)).until(() -> ledger.size() >= 150);
      int atMost = 0;
      for (int kill = 0; kill < 2; kill++) {
        Verdict.soon(Duration.ofSeconds(10)).until(() -> inFlight(1) > 3);
        // The load goes on while it dies, so a few more may have begun.
        atMost += inFlight(1) + 30;
        cluster.node(1).kill9();
        cluster.node(1).start().awaitReady(Duration.ofSeconds(30));
      }
      Verdict.ended(open, Duration.ofSeconds(30));
      Audit audit = Verdict.judge("Killed twice", cluster, submitter, Duration.ofSeconds(25));
      assertThat(audit.repeated())
          .as(audit.toString())
          .isNotEmpty()
          .hasSizeLessThanOrEqualTo(atMost);
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(900);
      assertThat(Verdict.latest(ledger)).as(audit.toString()).isLessThanOrEqualTo(AFTER_A_DEATH);
    }
  }

  /** All due at once, so that each node runs hundreds of calls when one of them dies. */
  @Test
  void five_hundred_calls_of_a_killed_node_are_made_again_within_six_seconds() throws Exception {
    Ledger ledger = cluster.target().ledger();
    Instant due = Instant.now().plusSeconds(4);
    for (int batch = 0; batch < 4; batch++) {
      List<Map<String, ?>> jobs =
          IntStream.range(0, 400).<Map<String, ?>>mapToObj(each -> hanging(due)).toList();
      assertThat(cluster.api(batch % 3).post("/api/v1/jobs:batch", Map.of("jobs", jobs)).status())
          .isLessThan(300);
    }
    Verdict.soon(Duration.ofSeconds(20)).until(() -> inFlight(1) >= 500);
    String victim = cluster.instanceName(1);

    cluster.node(1).kill9();
    Instant killed = Instant.now();
    List<String> lost = firedBy(victim);
    assertThat(lost).hasSizeGreaterThanOrEqualTo(500);
    Verdict.soon(Duration.ofSeconds(20))
        .until(() -> lost.stream().allMatch(id -> calledSince(ledger, id, killed)));

    Duration took = Duration.between(killed, Instant.now());
    LOG.info("Killed with {} calls in flight: all called again after {}", lost.size(), took);
    assertThat(took).isLessThanOrEqualTo(AFTER_A_DEATH);
    Verdict.soon(Duration.ofSeconds(30)).until(() -> ledger.jobs().size() == 1_600);
    assertThat(ledger.repeatedExecutions().keySet()).isSubsetOf(lost);
    assertThat(ledger.repeatedTries()).isEmpty();
  }

  private Map<String, ?> hanging(Instant due) {
    return Map.of(
        "target",
        Map.of("type", "http", "url", cluster.target().url("/slow?ms=8000")),
        "schedule",
        Map.of("type", "at", "at", due.toString()));
  }

  private static boolean calledSince(Ledger ledger, String execution, Instant since) {
    return ledger.ofExecution(execution).stream().anyMatch(each -> each.at().isAfter(since));
  }

  private List<String> firedBy(String node) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.query(
          connection,
          "SELECT ENTRY_ID FROM QRTZ_FIRED_TRIGGERS WHERE INSTANCE_NAME = ?",
          row -> row.getString(1),
          node);
    }
  }
}
