package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.db.Sql;
import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.JsonApi;
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
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A busy host that fails for half a minute, on three nodes, beside one that does not: judged by
 * what they saw.
 */
@Tag("chaos")
@Timeout(180)
class BreakerIT {
  private static final Logger LOG = LoggerFactory.getLogger(BreakerIT.class);
  private static final String HOST = "127.0.0.1";
  private static final Duration OUTAGE = Duration.ofSeconds(30);
  private static final Duration STRAGGLING = Duration.ofSeconds(1);
  private static final int NODES = 3;
  private static final int MINIMUM_CALLS = 10;
  private static final int PER_SECOND = 60;
  private static final int JOBS = 45 * PER_SECOND;

  private final long seed = Seed.of(BreakerIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  void a_host_that_fails_is_left_alone_until_it_is_well_again() throws Exception {
    List<JsonApi> apis = List.of(cluster.api(0), cluster.api(1), cluster.api(2));
    try (Submitter submitter = new Submitter(apis, PER_SECOND, seed);
        Submitter others = new Submitter(apis, 20, seed + 1)) {
      CountDownLatch submitted = submitter.begin(JOBS, Verdict.within(cluster, "/switch", 1_000));
      CountDownLatch elsewhere = others.begin(45 * 20, this::elsewhere);
      Verdict.soon(Duration.ofSeconds(30)).until(() -> cluster.target().ledger().size() > 300);

      Instant failing = Instant.now();
      cluster.target().fail(true);
      int[] most = new int[NODES];
      Verdict.soon(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                for (int node = 0; node < NODES; node++) {
                  most[node] = Math.max(most[node], cluster.inFlight(node));
                }
                return state().equals("OPEN");
              });
      // The nodes are asked one after the other: each one's most is what all had at most.
      int inFlight = IntStream.of(most).sum();
      Instant opened = Instant.parse(breaker().get("openedAt").asText());
      Verdict.rest(OUTAGE.minus(Duration.between(failing, Instant.now())));
      assertThat(Instant.parse(breaker().get("openedAt").asText())).isEqualTo(opened);
      Instant well = Instant.now();
      cluster.target().fail(false);
      Verdict.soon(Duration.ofSeconds(10)).until(() -> state().equals("CLOSED"));
      Instant closed = Instant.parse(breaker().get("since").asText());
      LOG.info(
          "opened {} ms after the host began to fail, {} in flight; closed {} ms after it was well",
          Duration.between(failing, opened).toMillis(),
          inFlight,
          Duration.between(well, closed).toMillis());

      Verdict.ended(submitted, Duration.ofSeconds(60));
      Verdict.ended(elsewhere, Duration.ofSeconds(60));
      Verdict.eventually(
          Duration.ofSeconds(60),
          () ->
              assertThat(query("SELECT DISTINCT state FROM execution"))
                  .containsExactly("SUCCEEDED"));

      List<Arrival> failed = between(failing, opened);
      List<Arrival> stragglers = between(opened, opened.plus(STRAGGLING));
      List<Arrival> probes = between(opened.plus(STRAGGLING), well);
      LOG.info(
          "{} failed, {} straggled, {} probes", failed.size(), stragglers.size(), probes.size());
      assertThat(failed.size())
          .as("failures that it took to open")
          .isLessThanOrEqualTo(MINIMUM_CALLS + inFlight);
      assertThat(probes).hasSizeBetween(5, 11);
      for (int i = 1; i < probes.size(); i++) {
        assertThat(Duration.between(probes.get(i - 1).at(), probes.get(i).at()))
            .as("one probe at a time")
            .isGreaterThan(Duration.ofMillis(2_500));
      }
      assertThat(Duration.between(well, closed)).isLessThan(Duration.ofSeconds(5));
      assertThat(cluster.target().ledger().repeatedTries()).isEmpty();
      Audit audit = new Auditor(cluster.target().ledger(), submitter).oneTimeWithin(OUTAGE);
      LOG.info("the host that failed: {}", audit);
      assertThat(audit.lost()).isEmpty();
      Audit spared =
          new Auditor(cluster.recurringTarget().ledger(), others).oneTimeWithin(Verdict.IN_TIME);
      LOG.info("the other host: {}", spared);
      assertThat(spared.lost()).isEmpty();
      assertThat(spared.repeated()).isEmpty();
    }
  }

  /** By another name it is another host. */
  private Map<String, ?> elsewhere(String tag, RandomGenerator random) {
    String url = cluster.recurringTarget().url("/ok").replace(HOST, "localhost");
    return Submitter.job(tag, url, Submitter.after(Duration.ofMillis(200 + random.nextInt(1_000))));
  }

  private JsonNode breaker() {
    return cluster.api(1).get("/api/v1/breakers/" + HOST).body();
  }

  private String state() {
    return breaker().get("state").asText();
  }

  private List<Arrival> between(Instant from, Instant to) {
    return cluster.target().ledger().arrivals().stream()
        .filter(each -> each.at().isAfter(from) && !each.at().isAfter(to))
        .toList();
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = cluster.database().open()) {
      return Sql.query(connection, sql, row -> row.getString(1));
    }
  }
}
