package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.CrashableDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.Disturbance;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database itself ends, in order or not, and comes back. */
@Tag("chaos")
@Timeout(90)
class DatabaseCrashIT {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseCrashIT.class);
  private static final Duration FIRING_AGAIN = Duration.ofSeconds(3);
  private final long seed = Seed.of(DatabaseCrashIT.class);
  private CrashableDatabase database;
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    database = CrashableDatabase.start();
    cluster = ProxiedCluster.ofThree(database);
  }

  private interface End {
    void apply() throws Exception;
  }

  @Test
  @Tag("chaos-core")
  void a_killed_database_loses_no_acknowledged_job() throws Exception {
    theDatabaseEnds("Database killed", 3, database::kill9);
  }

  @Test
  void a_restarted_database_is_fired_from_again_at_once() throws Exception {
    theDatabaseEnds("Database restarted", 1, database::shutDown);
  }

  private void theDatabaseEnds(String fault, int times, End end) throws Exception {
    Ledger ledger = cluster.target().ledger();
    try (Load load = Load.on(cluster, Load.Answering.AT_ONCE, seed)) {
      List<Disturbance> outages = new ArrayList<>();
      List<Duration> pauses = new ArrayList<>();
      for (int time = 0; time < times; time++) {
        load.awaitCalls(300);
        Instant from = Instant.now();
        end.apply();
        Verdict.soon(Duration.ofSeconds(5)).until(() -> !database.answers());
        Answer away = cluster.api(0).get("/api/v1/jobs/none-of-this-name");
        // 404 if it was back before the two seconds were over that a caller waits.
        assertThat(away.status()).as(away.toString()).isIn(503, 404);
        assertThat(away.header("Retry-After").isEmpty()).isEqualTo(away.status() == 404);
        Verdict.soon(Duration.ofSeconds(20)).until(database::answers);
        Disturbance outage = Disturbance.since(from);
        outages.add(outage);
        Verdict.soon(Duration.ofSeconds(15))
            .until(() -> ledger.arrivals().stream().anyMatch(each -> isAfter(each, outage)));
        pauses.add(Duration.between(outage.to(), firstAfter(ledger, outage)));
      }
      LOG.info("{}: firing again after {}", fault, pauses);
      Judgement judgement =
          load.judge(
              fault,
              outages,
              Judgement.Limits.promised(cluster.canary())
                  .first(FIRING_AGAIN.plus(Verdict.IN_TIME))
                  .without(outages));
      assertThat(pauses).as(cluster.story()).allMatch(each -> each.compareTo(FIRING_AGAIN) <= 0);
      assertThat(judgement.oneTime().repeated().values()).allMatch(count -> count == 2);
    }
  }

  private static boolean isAfter(Arrival arrival, Disturbance outage) {
    return arrival.at().isAfter(outage.to());
  }

  private static Instant firstAfter(Ledger ledger, Disturbance outage) {
    return ledger.arrivals().stream()
        .filter(each -> isAfter(each, outage))
        .map(Arrival::at)
        .min(Instant::compareTo)
        .orElseThrow();
  }
}
