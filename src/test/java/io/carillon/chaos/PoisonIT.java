package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submission;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows and jobs that would take everything down with them. */
@Tag("chaos")
@Timeout(90)
class PoisonIT {
  private static final Logger LOG = LoggerFactory.getLogger(PoisonIT.class);

  private final long seed = Seed.of(PoisonIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  private interface Poison {
    void into(String job) throws SQLException;
  }

  @Test
  void rows_that_cannot_be_read_keep_nothing_else_from_firing() throws Exception {
    Ledger ledger = cluster.target().ledger();
    PoisonRows rows = new PoisonRows(cluster.database());
    try (Submitter recurring = new Submitter(List.of(cluster.api(0)), 100, seed);
        Submitter once = new Submitter(List.of(cluster.api(0)), 100, seed);
        Submitter good = Submitter.patient(cluster.apis(), 50, seed, Duration.ofSeconds(10))) {
      recurring.submit(
          3,
          (tag, random) ->
              Submitter.job(
                  tag, cluster.recurringTarget().url("/ok"), Submitter.everyFiveSeconds()),
          Duration.ofSeconds(10));
      once.submit(
          5,
          (tag, random) ->
              Submitter.job(
                  tag,
                  cluster.recurringTarget().url("/ok"),
                  Submitter.after(Duration.ofSeconds(4))),
          Duration.ofSeconds(10));
      List<String> poisoned = new ArrayList<>();
      List<Poison> ofRecurring = List.of(rows::badCron, rows::badZone, rows::noSubRow);
      poison(ofRecurring, recurring, poisoned);
      List<Poison> ofOneTime =
          List.of(
              rows::serialized,
              rows::foreignClass,
              rows::noDefinition,
              rows::brokenDefinition,
              rows::definitionOfTheFuture);
      poison(ofOneTime, once, poisoned);
      good.submit(500, Verdict.within(cluster, "/ok", 3_000), Duration.ofSeconds(30));

      Audit audit = new Auditor(ledger, good).oneTimeWithin(Duration.ofSeconds(15));
      LOG.info("{} rows poisoned: {}; {}", poisoned.size(), audit, cluster.canary());
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(ledger.arrivals())
          .allMatch(
              each ->
                  cluster.canary().judged(each.lateness(), each.at()).compareTo(Verdict.IN_TIME)
                      <= 0);
      Verdict.eventually(
          Duration.ofSeconds(20),
          () ->
              assertThat(rows.parked())
                  .as(cluster.story())
                  .containsExactlyInAnyOrderElementsOf(poisoned));
    }
  }

  private static void poison(List<Poison> poisons, Submitter submitter, List<String> poisoned)
      throws SQLException {
    List<Submission.Acknowledged> jobs = submitter.acknowledged();
    assertThat(jobs).hasSameSizeAs(poisons);
    for (int n = 0; n < poisons.size(); n++) {
      poisons.get(n).into(jobs.get(n).jobId());
      poisoned.add(jobs.get(n).jobId());
    }
  }

  @Test
  void a_job_that_was_running_at_three_node_deaths_is_not_tried_again() throws Exception {
    Ledger ledger = cluster.target().ledger();
    Answer created =
        cluster
            .api(0)
            .post(
                "/api/v1/jobs",
                Submitter.job(
                    "poison", cluster.target().url("/hang"), Submitter.after(Duration.ZERO)));
    String job = created.text("id");
    for (int death = 1; death <= 3; death++) {
      int attempt = death;
      Verdict.soon(Duration.ofSeconds(10)).until(() -> ledger.ofJob(job).size() == attempt);
      int runs =
          IntStream.range(0, 3)
              .filter(node -> cluster.inFlight(node) > 0)
              .findFirst()
              .orElseThrow();
      cluster.node(runs).kill9();
      cluster.node(runs).start().awaitReady(Duration.ofSeconds(30));
    }
    Verdict.eventually(
        Duration.ofSeconds(15),
        () ->
            assertThat(
                    cluster
                        .api(0)
                        .get("/api/v1/jobs/" + job + "/executions")
                        .body()
                        .at("/items/0/reason")
                        .asText())
                .as(cluster.story())
                .isEqualTo("POISON"));
    try (Submitter submitter = new Submitter(cluster.apis(), 50, seed)) {
      submitter.submit(100, Verdict.within(cluster, "/ok", 1_000), Duration.ofSeconds(15));
      Auditor auditor = new Auditor(ledger, submitter);
      assertThat(auditor.oneTimeWithin(Duration.ofSeconds(10)).lost()).isEmpty();
    }
    List<Arrival> calls = ledger.ofJob(job);
    LOG.info("A job that three nodes died of was called {} times", calls.size());
    assertThat(calls).extracting(Arrival::attempt).containsExactly(1, 2, 3);
    assertThat(calls).extracting(Arrival::executionId).containsOnly(calls.get(0).executionId());
    assertThat(cluster.records().stuck()).isEmpty();
  }
}
