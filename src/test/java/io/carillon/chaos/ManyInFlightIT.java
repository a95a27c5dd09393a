package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.harness.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node dies with hundreds of calls in flight. */
@Tag("chaos")
@Timeout(90)
class ManyInFlightIT {
  private static final Logger LOG = LoggerFactory.getLogger(ManyInFlightIT.class);
  private static final Duration AFTER_A_DEATH = Duration.ofSeconds(6);

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster =
        ProxiedCluster.ofThree(
            // As many calls at a time on a JVM without virtual threads, and all to one host.
            Map.of("ORG_QUARTZ_THREADPOOL_THREADCOUNT", "1000", "CARILLON_NODE_PERHOST", "1000"));
  }

  /** All due at once, so that each node runs hundreds of calls when one of them dies. */
  @Test
  void five_hundred_calls_of_a_killed_node_are_made_again_within_six_seconds() throws Exception {
    Ledger ledger = cluster.target().ledger();
    Instant due = Instant.now().plusSeconds(4);
    for (int batch = 0; batch < 4; batch++) {
      List<Map<String, ?>> jobs =
          IntStream.range(0, 400).<Map<String, ?>>mapToObj(each -> hanging(due)).toList();
      assertThat(cluster.api(batch % 3).post("/api/v1/jobs:batch", Map.of("jobs", jobs)).status())
          .isLessThan(300);
    }
    // Of three nodes that share 1,600 one has more than 500, whichever that is.
    Verdict.soon(Duration.ofSeconds(20)).until(() -> busiest() >= 0);
    int busiest = busiest();
    String victim = cluster.instanceName(busiest);

    cluster.node(busiest).kill9();
    Instant killed = Instant.now();
    List<String> lost = firedBy(victim);
    assertThat(lost).hasSizeGreaterThanOrEqualTo(500);
    Verdict.soon(Duration.ofSeconds(20))
        .until(() -> lost.stream().allMatch(id -> calledSince(ledger, id, killed)));

    Duration took = Duration.between(killed, Instant.now());
    LOG.info("Killed with {} calls in flight: all called again after {}", lost.size(), took);
    assertThat(took).isLessThanOrEqualTo(AFTER_A_DEATH);
    Verdict.soon(Duration.ofSeconds(30)).until(() -> ledger.jobs().size() == 1_600);
    assertThat(ledger.repeatedExecutions().keySet()).isSubsetOf(lost);
    assertThat(ledger.repeatedTries()).isEmpty();
  }

  /** The node with 500 calls in flight or more; -1 if there is none yet. */
  private int busiest() {
    return IntStream.range(0, 3)
        .filter(node -> cluster.inFlight(node) >= 500)
        .findFirst()
        .orElse(-1);
  }

  private Map<String, ?> hanging(Instant due) {
    return Map.of(
        "target",
        Map.of("type", "http", "url", cluster.target().url("/slow?ms=8000")),
        "schedule",
        Map.of("type", "at", "at", due.toString()));
  }

  private static boolean calledSince(Ledger ledger, String execution, Instant since) {
    return ledger.ofExecution(execution).stream().anyMatch(each -> each.at().isAfter(since));
  }

  private List<String> firedBy(String node) throws SQLException {
    try (Connection connection = cluster.database().open()) {
      return Sql.query(
          connection,
          "SELECT ENTRY_ID FROM QRTZ_FIRED_TRIGGERS WHERE INSTANCE_NAME = ?",
          row -> row.getString(1),
          node);
    }
  }
}
