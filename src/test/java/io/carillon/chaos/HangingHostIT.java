package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final int MOST_MEGABYTES = 450;
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree(Map.of("CARILLON_NODE_INFLIGHT", "200"));
  }

  @Test
  void calls_of_other_hosts_are_on_time_and_memory_stays_as_it_is() throws IOException {
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
    long memory = mostMegabytes();
    LOG.info(
        "{} calls beside {} that hang: {} late at most; {} MB resident at most",
        ROUNDS * IN_ROUND,
        cluster.target().ledger().size(),
        latest,
        memory);
    assertThat(latest).isLessThan(Verdict.IN_TIME);
    assertThat(memory).as("of a node with a heap of 256 MB").isLessThan(MOST_MEGABYTES);
    assertThat(cluster.target().ledger().size()).isLessThanOrEqualTo(HANGING);
  }

  /** The most memory that a node ever had; 0 where the system does not tell. */
  private long mostMegabytes() throws IOException {
    long most = 0;
    for (int n = 0; n < 3; n++) {
      Path status = Path.of("/proc", Long.toString(cluster.node(n).pid()), "status");
      if (Files.exists(status)) {
        Matcher peak = PEAK.matcher(Files.readString(status));
        most = Math.max(most, peak.find() ? Long.parseLong(peak.group(1)) / 1_024 : 0);
      }
    }
    return most;
  }
}
