package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host that never answers, beside one that does. */
@Tag("chaos")
@Timeout(120)
class HangingHostIT {
  private static final Logger LOG = LoggerFactory.getLogger(HangingHostIT.class);
  private static final int HANGING = 500;
  private static final int ROUNDS = 60;
  private static final int IN_ROUND = 50;

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree(Map.of("CARILLON_NODE_INFLIGHT", "200"));
  }

  @Test
  void calls_of_other_hosts_are_on_time() {
    String hanging = cluster.target().url("/hang").replace("127.0.0.1", "localhost");
    Batches.create(
        cluster.apis(),
        HANGING,
        Batches.job(hanging, Map.of("retry", Map.of("maxAttempts", 1, "backoff", "NONE"))));
    for (int round = 0; round < ROUNDS; round++) {
      Batches.create(
          List.of(cluster.api(round % 3)),
          IN_ROUND,
          Batches.job(
              cluster.recurringTarget().url("/ok"),
              Map.of("schedule", Map.of("type", "delay", "delay", "PT0.3S"))));
      Verdict.rest(Duration.ofMillis(250));
    }

    Verdict.soon(Duration.ofSeconds(30))
        .until(() -> cluster.recurringTarget().ledger().size() == ROUNDS * IN_ROUND);
    Duration latest =
        cluster.recurringTarget().ledger().arrivals().stream()
            .map(Arrival::lateness)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    LOG.info(
        "{} calls beside {} that hang: {} late at most",
        ROUNDS * IN_ROUND,
        cluster.target().ledger().size(),
        latest);
    assertThat(latest).isLessThan(Verdict.IN_TIME);
    assertThat(cluster.target().ledger().size()).isLessThanOrEqualTo(HANGING);
  }
}
