package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
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

/** Nodes end while their calls run: asked to, or not. */
@Tag("chaos")
@Timeout(90)
class NodeEndIT {
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
            Map.of());
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
