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

/** More is due than three small nodes can call at once. */
@Tag("chaos")
@Timeout(180)
class PriorityIT {
  private static final Logger LOG = LoggerFactory.getLogger(PriorityIT.class);
  private static final int LOW = 10_000;
  private static final int HIGH = 500;

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree(Map.of("CARILLON_NODE_INFLIGHT", "60"));
  }

  private Map<String, Object> job(String priority, Instant at) {
    return Batches.marked(
        cluster.target().url("/slow?ms=100"),
        priority,
        Map.of("priority", priority, "schedule", Map.of("type", "at", "at", at.toString())));
  }

  @Test
  void high_overtakes_ten_thousand_low() {
    Instant due = Instant.now().plusSeconds(15);
    Batches.create(cluster.apis(), LOW, job("low", due));
    Verdict.soon(Duration.ofSeconds(40)).until(() -> cluster.target().ledger().size() > 500);
    Batches.create(cluster.apis(), HIGH, job("high", Instant.now().minusMillis(500)));

    Verdict.soon(Duration.ofSeconds(30)).until(() -> arrivals("high").size() == HIGH);
    int low = arrivals("low").size();
    Duration latest =
        arrivals("high").stream()
            .map(Arrival::lateness)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    LOG.info("{} high at most {} late, with {} of {} low before the last", HIGH, latest, low, LOW);
    assertThat(low).isLessThan(LOW * 7 / 10);
    assertThat(latest).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void under_constant_high_load_low_gets_its_share() {
    Instant due = Instant.now().plusSeconds(12);
    Batches.create(cluster.apis(), 5_000, job("high", due));
    Batches.create(cluster.apis(), 1_000, job("low", due));

    Verdict.soon(Duration.ofSeconds(60)).until(() -> arrivals("high").size() >= 4_000);
    int low = arrivals("low").size();
    LOG.info("{} low beside 4,000 high", low);
    assertThat(low).isBetween(200, 900);
  }

  private List<Arrival> arrivals(String mark) {
    return Batches.of(cluster.target().ledger().arrivals(), mark);
  }
}
