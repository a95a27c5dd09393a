package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.JsonApi;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
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
  private final long seed = Seed.of(RaceIT.class);
  private TestDatabase database;
  private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    cluster =
        ProxiedCluster.start(
            3,
            new ProxiedCluster.Access(database.url(), database.user(), database.password()),
            Map.of("CARILLON_NODE_INFLIGHT", "20"));
  }

  @AfterEach
  void close() throws IOException {
    cluster.close();
    database.close();
  }

  @Test
  void five_thousand_jobs_due_at_one_instant_are_called_once_each() throws Exception {
    String due = Instant.now().plusSeconds(25).toString();
    try (Submitter submitter = new Submitter(cluster.apis(), 400, seed)) {
      submitter.submit(
          5_000,
          (tag, random) ->
              Submitter.job(
                  tag,
                  cluster.target().url("/ok"),
                  Map.of("type", "at", "at", due, "allowPast", true)),
          Duration.ofSeconds(40));
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(5_000);
      Audit audit =
          Verdict.judge("Race for 5,000 due jobs", cluster, submitter, Duration.ofSeconds(40));
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
    }
  }

  @Test
  void jobs_stored_through_one_node_of_an_idle_cluster_are_punctual_on_all() throws Exception {
    List<JsonApi> one = List.of(cluster.api(0));
    Verdict.rest(Duration.ofSeconds(10));
    try (Submitter submitter = new Submitter(one, 20, seed)) {
      submitter.submit(600, Verdict.within(cluster, "/ok", 8_000), Duration.ofSeconds(45));
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSize(600);
      Auditor auditor = new Auditor(cluster.target().ledger(), submitter);
      Audit audit = auditor.oneTimeWithin(Duration.ofSeconds(15));
      LOG.info("Idle cluster, stored through one node: {}", audit);
      assertThat(audit.exactlyOnce()).as(audit + cluster.story()).isTrue();
      assertThat(audit.lateness().max()).as(audit.toString()).isLessThanOrEqualTo(Verdict.IN_TIME);
    }
  }
}
