package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A queue of which seven may run at once, on three nodes of which one is killed in between. */
@Tag("chaos")
@Timeout(180)
class CapIT {
  private static final Logger LOG = LoggerFactory.getLogger(CapIT.class);
  private static final int CAP = 7;
  private static final int JOBS = 2_000;
  private static final int CALL_MILLIS = 40;

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  void the_target_never_sees_more_than_the_cap_and_the_queue_drains() {
    assertThat(cluster.api(0).put("/api/v1/queues/seven", Map.of("concurrency", CAP)).status())
        .isEqualTo(201);
    Batches.create(
        cluster.apis(),
        JOBS,
        Batches.job(cluster.target().url("/slow?ms=" + CALL_MILLIS), Map.of("queue", "seven")));
    Verdict.soon(Duration.ofSeconds(60)).until(() -> cluster.target().ledger().size() > 500);
    cluster.node(1).kill9();

    Verdict.soon(Duration.ofSeconds(120))
        .until(() -> cluster.target().ledger().jobs().size() == JOBS);
    Verdict.soon(Duration.ofSeconds(20)).until(() -> figures().equals("0 0"));
    List<Arrival> arrivals = cluster.target().ledger().arrivals();
    Set<String> again = cluster.target().ledger().repeatedExecutions().keySet();
    LOG.info(
        "{} calls, {} of them again, at most {} at once",
        arrivals.size(),
        again.size(),
        Batches.mostAtOnce(arrivals, CALL_MILLIS));
    assertThat(again).hasSizeLessThanOrEqualTo(CAP);
    List<Arrival> living =
        arrivals.stream()
            .filter(each -> each.attempt() > 1 || !again.contains(each.executionId()))
            .collect(Collectors.toList());
    assertThat(Batches.mostAtOnce(living, CALL_MILLIS)).isLessThanOrEqualTo(CAP);
  }

  private String figures() {
    var counts = cluster.api(0).get("/api/v1/queues/seven").body().get("counts");
    return counts.get("held").asText() + " " + counts.get("running").asText();
  }
}
