package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.JsonApi;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three nodes want the same jobs, or have nothing to do for a while. */
@Tag("chaos")
@Timeout(90)
class RaceIT {
  private static final Logger LOG = LoggerFactory.getLogger(RaceIT.class);
  private static final int JOBS = 20_000;
  private static final Duration ALL_CALLED = Duration.ofSeconds(70);

  private final long seed = Seed.of(RaceIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster =
        ProxiedCluster.ofThree(
            Map.of(
                "CARILLON_NODE_INFLIGHT", "100",
                "ORG_QUARTZ_DATASOURCE_CARILLON_MAXCONNECTIONS", "4"));
  }

  @Test
  @Tag("chaos-core")
  void twenty_thousand_due_jobs_are_called_once_each() throws Exception {
    Instant begun = Instant.now();
    String due = begun.plusSeconds(10).toString();
    Ledger ledger = cluster.target().ledger();
    try (Submitter submitter =
        Submitter.patient(cluster.apis(), JOBS / 8, seed, Duration.ofSeconds(40))) {
      submitter.submitInBatches(
          JOBS,
          500,
          (tag, random) ->
              Submitter.job(
                  tag,
                  cluster.target().url("/ok"),
                  Map.of("type", "at", "at", due, "allowPast", true)),
          Duration.ofSeconds(55));
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(JOBS);
      Auditor auditor = new Auditor(ledger, submitter).excusing(List.of(), Duration.ZERO);
      Audit audit = auditor.oneTimeWithin(Duration.between(Instant.now(), begun.plus(ALL_CALLED)));
      LOG.info("Race for {} due jobs: {}; {}", JOBS, audit, cluster.canary());
      if (!audit.lost().isEmpty() && cluster.canary().isUnwell()) {
        whatIsNotCalledWaits(auditor);
        return;
      }
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      isClean(ledger);
    }
  }

  /** Others had the processors, so it takes longer than this test may: none is gone or twice. */
  private void whatIsNotCalledWaits(Auditor auditor) throws SQLException {
    Set<String> waiting = cluster.records().waiting();
    LOG.info("{} jobs still wait, on a machine that has no time for them", waiting.size());
    Verdict.eventually(
        Duration.ofSeconds(10),
        () -> {
          Audit audit = auditor.oneTime();
          assertThat(audit.lost()).as(audit.toString()).isSubsetOf(waiting);
          assertThat(audit.phantom()).isEmpty();
          assertThat(audit.repeated()).isEmpty();
          assertThat(audit.split()).isEmpty();
        });
  }

  @Test
  void jobs_stored_through_one_node_of_an_idle_cluster_are_punctual_on_all() throws Exception {
    List<JsonApi> one = List.of(cluster.api(0));
    Verdict.rest(Duration.ofSeconds(5));
    try (Submitter submitter = new Submitter(one, 18, seed)) {
      submitter.submit(1_000, Verdict.within(cluster, "/ok", 3_000), Duration.ofSeconds(65));
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(1_000);
      Auditor auditor = new Auditor(cluster.target().ledger(), submitter);
      Audit audit = auditor.oneTimeWithin(Duration.ofSeconds(10));
      LOG.info("Idle cluster, stored through one node: {}; {}", audit, cluster.canary());
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(cluster.target().ledger().arrivals())
          .allMatch(
              each ->
                  cluster.canary().judged(each.lateness(), each.at()).compareTo(Verdict.IN_TIME)
                      <= 0);
      isClean(cluster.target().ledger());
    }
  }

  private void isClean(Ledger ledger) {
    Instant now = Instant.now();
    Verdict.eventually(
        Duration.ofSeconds(15),
        () -> {
          assertThat(cluster.records().stuck()).as(cluster.story()).isEmpty();
          assertThat(cluster.records().against(List.of(ledger), now)).isEmpty();
        });
  }
}
