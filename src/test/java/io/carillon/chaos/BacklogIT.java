package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Arrival;
import io.carillon.harness.Canary;
import io.carillon.harness.NodeProcess;
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
  private static final int FRESH = 500;
  private static final String WAITING =
      "SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'WAITING'";
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
      Copies.makeDue(access, Instant.now());

      node.start().awaitReady(Duration.ofSeconds(30));
      Instant ready = Instant.now();
      try (Canary canary = Canary.start()) {
        CountDownLatch open =
            submitter.begin(
                FRESH,
                (tag, random) ->
                    Submitter.job(tag, fresh.url("/ok"), Submitter.after(Duration.ofMillis(200))));
        Verdict.soon(FIRST.multipliedBy(3)).until(() -> old.ledger().size() > 0);
        Duration first = Duration.between(ready, old.ledger().arrivals().get(0).at());
        Verdict.ended(open, Duration.ofSeconds(30));
        Verdict.soon(Duration.ofSeconds(5)).until(() -> fresh.ledger().size() >= FRESH);
        Duration passed = Duration.between(ready, Instant.now());
        node.term();
        assertThat(node.awaitExit(Duration.ofSeconds(15))).as(node.story()).isZero();
        int done = count(access, "SELECT COUNT(*) FROM execution WHERE state = 'SUCCEEDED'");
        LOG.info(
            "{} due at start: first after {} ms, {} done after {} ms; fresh jobs meanwhile {}; heap after collections at most {} MB; {}",
            JOBS,
            first.toMillis(),
            done,
            passed.toMillis(),
            fresh.ledger().lateness(),
            mostHeap(node),
            canary);
        // Every job is done, once, or waits; nothing is in between, and nothing is gone.
        assertThat(count(access, "SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isZero();
        assertThat(count(access, "SELECT COUNT(DISTINCT job_id) FROM execution")).isEqualTo(done);
        assertThat(done + count(access, WAITING)).isEqualTo(JOBS + FRESH);
        assertThat(old.ledger().size() + fresh.ledger().size())
            .isEqualTo(count(access, "SELECT COUNT(*) FROM execution WHERE http_status = 200"));
        assertThat(old.ledger().repeatedExecutions()).isEmpty();
        assertThat(fresh.ledger().repeatedExecutions()).isEmpty();
        assertThat(submitter.acknowledged()).hasSize(FRESH);
        assertThat(fresh.ledger().jobs()).hasSize(FRESH);
        assertThat(first).isLessThanOrEqualTo(FIRST);
        assertThat(fresh.ledger().arrivals())
            .as(node.story())
            .allMatch(each -> isInTime(each, canary));
        assertThat(mostHeap(node)).isLessThanOrEqualTo(FLAT_MB);
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

  private static int count(ProxiedCluster.Access access, String question) throws SQLException {
    try (Connection connection = access.open()) {
      return Sql.query(connection, question, row -> row.getInt(1)).get(0);
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
