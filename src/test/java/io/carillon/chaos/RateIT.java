package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

/** A queue of fifty a second, one at a time, on three nodes. */
@Tag("chaos")
@Timeout(120)
class RateIT {
  private static final Logger LOG = LoggerFactory.getLogger(RateIT.class);
  private static final int PER_SECOND = 50;
  private static final Duration MEASURED = Duration.ofSeconds(20);

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  void the_rate_is_held_within_five_percent() {
    Map<String, ?> rate = Map.of("rate", Map.of("permits", PER_SECOND, "per", "PT1S", "burst", 1));
    assertThat(cluster.api(0).put("/api/v1/queues/fifty", rate).status()).isEqualTo(201);
    Batches.create(
        cluster.apis(), 1_300, Batches.job(cluster.target().url("/ok"), Map.of("queue", "fifty")));

    Verdict.soon(Duration.ofSeconds(60)).until(() -> cluster.target().ledger().size() >= 1_150);
    List<Arrival> arrivals = cluster.target().ledger().arrivals();
    Instant first = arrivals.stream().map(Arrival::at).min(Comparator.naturalOrder()).orElseThrow();
    Instant from = first.plusSeconds(2);
    long came = Batches.between(arrivals, from, from.plus(MEASURED));
    LOG.info("{} in {} s", came, MEASURED.toSeconds());
    long wanted = PER_SECOND * MEASURED.toSeconds();
    assertThat(came).isBetween(wanted * 95 / 100, wanted * 105 / 100);
  }
}
