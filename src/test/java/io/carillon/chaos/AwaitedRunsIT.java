package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.JsonApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Targets that answer 202 and report later, to nodes that did not call them, or are new. */
@Tag("chaos")
@Timeout(120)
class AwaitedRunsIT {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitedRunsIT.class);
  private static final int JOBS = 300;
  private static final Duration WITHIN = Duration.ofSeconds(40);

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  private void create(
      int node, String job, String delivery, String path, Map<String, String> async) {
    Map<String, Object> target = new HashMap<>();
    target.put("type", "http");
    target.put("url", cluster.target().url(path));
    if (!async.isEmpty()) {
      target.put("async", async);
    }
    Answer answer =
        cluster
            .api(node)
            .put(
                "/api/v1/jobs/" + job,
                Map.of(
                    "target",
                    target,
                    "delivery",
                    delivery,
                    "retry",
                    Map.of("maxAttempts", 3, "backoff", "FIXED", "initial", "PT0.1S")));
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
  }

  private int running() {
    Answer answer = cluster.api(2).get("/api/v1/executions?state=RUNNING&limit=200");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body().at("/items").size();
  }

  private static Answer report(JsonApi api, Arrival call, String act, Map<String, ?> body) {
    return api.with("Authorization", "Bearer " + call.headers().get("x-carillon-token"))
        .post("/api/v1/executions/" + call.executionId() + "/" + act, body);
  }

  @Test
  void the_death_of_the_node_that_called_does_not_matter_once_it_was_answered_by_later()
      throws Exception {
    for (int n = 0; n < JOBS; n++) {
      create(0, "later-" + n, "AT_LEAST_ONCE", "/status/202", Map.of("timeout", "PT5M"));
    }
    Verdict.soon(WITHIN)
        .until(
            () ->
                cluster.target().ledger().size() == JOBS
                    && cluster.inFlight(0) + cluster.inFlight(1) + cluster.inFlight(2) == 0);
    cluster.node(0).kill9();
    Verdict.rest(Duration.ofSeconds(6));
    assertThat(running()).isGreaterThan(0);
    List<Arrival> calls = cluster.target().ledger().arrivals();
    assertThat(calls).as("none was called again").hasSize(JOBS);

    Arrival shown = calls.get(0);
    assertThat(report(cluster.api(2), shown, "progress", Map.of("percent", 40)).status())
        .isEqualTo(202);
    Verdict.soon(Duration.ofSeconds(1))
        .until(
            () ->
                cluster
                        .api(1)
                        .get("/api/v1/executions/" + shown.executionId())
                        .body()
                        .at("/progress/percent")
                        .asInt()
                    == 40);
    Instant begun = Instant.now();
    for (int n = 0; n < JOBS; n++) {
      Arrival call = calls.get(n);
      Answer answer =
          report(cluster.api(1 + n % 2), call, "complete", Map.of("outcome", "SUCCEEDED"));
      assertThat(answer.status() + " " + answer.text("state")).isEqualTo("200 SUCCEEDED");
    }
    LOG.info("{} outcomes reported in {}", JOBS, Duration.between(begun, Instant.now()));
    assertThat(running()).isZero();
    assertThat(report(cluster.api(1), shown, "complete", Map.of("outcome", "FAILED")).status())
        .isEqualTo(409);
    Arrival other = calls.get(1);
    assertThat(
            cluster
                .api(1)
                .with("Authorization", "Bearer " + other.headers().get("x-carillon-token"))
                .post(
                    "/api/v1/executions/" + shown.executionId() + "/complete",
                    Map.of("outcome", "FAILED"))
                .status())
        .isEqualTo(401);
    Verdict.soon(WITHIN)
        .until(
            () ->
                cluster
                    .api(1)
                    .get("/api/v1/jobs?state=ACTIVE&limit=1")
                    .body()
                    .at("/items")
                    .isEmpty());
    Verdict.eventually(
        Duration.ofSeconds(15), () -> assertThat(cluster.records().stuck()).isEmpty());
  }

  @Test
  void what_is_delivered_at_most_once_is_not_called_again_after_a_death_or_a_stop()
      throws Exception {
    for (int n = 0; n < 120; n++) {
      create(n % 3, "once-" + n, "AT_MOST_ONCE", "/slow?ms=15000", Map.of());
    }
    Verdict.soon(WITHIN)
        .until(
            () ->
                cluster.target().ledger().size() == 120
                    && cluster.inFlight(0) > 0
                    && cluster.inFlight(1) > 0);
    int dying = cluster.inFlight(0);
    cluster.node(0).kill9();
    cluster.node(1).term();
    Verdict.soon(WITHIN).until(() -> running() == 0);
    int lost =
        cluster
            .api(2)
            .get("/api/v1/executions?state=FAILED&reason=NODE_LOST&limit=200")
            .body()
            .at("/items")
            .size();
    LOG.info("{} calls were lost, {} of them with the dead node", lost, dying);
    assertThat(lost).isGreaterThanOrEqualTo(dying);
    assertThat(cluster.target().ledger().size()).isEqualTo(120);
    assertThat(cluster.target().ledger().repeatedExecutions()).isEmpty();
  }
}
