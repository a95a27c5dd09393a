package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Arrival;
import io.carillon.harness.Canary;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Records;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node comes back, and 100,000 jobs have been due for a while. */
@Tag("chaos")
@Timeout(90)
class BacklogIT {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogIT.class);
  private static final int TEMPLATES = 100;
  private static final int CALLED = 20;
  private static final int JOBS = TEMPLATES * 1_001;
  private static final Duration FIRST = Duration.ofSeconds(3);
  private static final int FLAT_MB = 200;
  private static final Pattern AFTER_COLLECTION = Pattern.compile("Pause .*->(\\d+)M\\(");

  private final long seed = Seed.of(BacklogIT.class);

  @Test
  void a_hundred_thousand_due_at_start_hold_up_nothing_that_is_new() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        TargetServer old = TargetServer.start();
        TargetServer fresh = TargetServer.start();
        NodeProcess node =
            NodeProcess.named("backlog")
                .database(database.url(), database.user(), database.password())
                .jvmOption("-Xlog:gc")
                .build();
        Submitter submitter =
            Submitter.patient(List.of(node.api()), 25, seed, Duration.ofSeconds(10))) {
      ProxiedCluster.Access access = ProxiedCluster.accessTo(database);
      node.start().awaitReady(Duration.ofSeconds(60));
      plant(node, old);
      node.term();
      node.awaitExit(Duration.ofSeconds(15));
      Copies.make(access);
      Copies.makeDue(access, Instant.now().minusSeconds(30).toEpochMilli());

      node.start().awaitReady(Duration.ofSeconds(30));
      Instant ready = Instant.now();
      try (Canary canary = Canary.start()) {
        CountDownLatch open =
            submitter.begin(
                500,
                (tag, random) ->
                    Submitter.job(tag, fresh.url("/ok"), Submitter.after(Duration.ofMillis(200))));
        Verdict.soon(FIRST.multipliedBy(3)).until(() -> old.ledger().size() > 0);
        Duration first = Duration.between(ready, old.ledger().arrivals().get(0).at());
        Verdict.ended(open, Duration.ofSeconds(40));
        Verdict.soon(Duration.ofSeconds(70)).until(() -> succeeded(access) == JOBS + 500);
        Duration all = Duration.between(ready, Instant.now());
        LOG.info(
            "{} due at start: first after {} ms, all after {} ms; fresh jobs meanwhile {}; heap after collections at most {} MB; {}",
            JOBS,
            first.toMillis(),
            all.toMillis(),
            fresh.ledger().lateness(),
            mostHeap(node),
            canary);
        assertThat(old.ledger().size()).isEqualTo(CALLED * 1_001);
        assertThat(old.ledger().repeatedExecutions()).isEmpty();
        assertThat(old.ledger().jobs()).hasSize(CALLED * 1_001);
        assertThat(submitter.acknowledged()).hasSize(500);
        assertThat(fresh.ledger().jobs()).hasSize(500);
        assertThat(first).isLessThanOrEqualTo(FIRST);
        assertThat(fresh.ledger().arrivals())
            .as(node.story())
            .allMatch(each -> isInTime(each, canary));
        assertThat(mostHeap(node)).isLessThanOrEqualTo(FLAT_MB);
        assertThat(new Records(access::open).stuck()).isEmpty();
      }
    }
  }

  private static boolean isInTime(Arrival arrival, Canary canary) {
    return canary.judged(arrival.lateness(), arrival.at()).compareTo(Verdict.IN_TIME) <= 0;
  }

  /** One in five is called over HTTP; the others do nothing, so that the judge is not the limit. */
  private void plant(NodeProcess node, TargetServer target) throws InterruptedException {
    try (Submitter templates = new Submitter(List.of(node.api()), 1_000, seed)) {
      Map<String, ?> later = Submitter.after(Duration.ofHours(1));
      templates.submitInBatches(
          TEMPLATES,
          TEMPLATES,
          (tag, random) ->
              Integer.parseInt(tag.substring(1)) % (TEMPLATES / CALLED) == 0
                  ? Submitter.job(tag, target.url("/ok"), later)
                  : Map.of("target", Map.of("type", "noop"), "schedule", later),
          Duration.ofSeconds(20));
      assertThat(templates.acknowledged()).hasSize(TEMPLATES);
    }
  }

  private static int succeeded(ProxiedCluster.Access access) throws SQLException {
    try (Connection connection = access.open()) {
      return Sql.query(
              connection,
              "SELECT COUNT(*) FROM execution WHERE state = 'SUCCEEDED'",
              row -> row.getInt(1))
          .get(0);
    }
  }

  private static int mostHeap(NodeProcess node) {
    return AFTER_COLLECTION
        .matcher(node.output())
        .results()
        .map(MatchResult::group)
        .map(line -> line.replaceFirst(".*->(\\d+)M.*", "$1"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }
}
