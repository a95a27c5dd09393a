package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.db.Sql;
import io.carillon.harness.Arrival;
import io.carillon.harness.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

/**
 * A thousand jobs on three nodes, each of which is followed by another job, or by one made of a
 * task, and tells of its end; a node is killed in between. Judged by what the target saw.
 */
@Tag("chaos")
@Timeout(180)
class ChainIT {
  private static final Logger LOG = LoggerFactory.getLogger(ChainIT.class);
  private static final int PAIRS = 1_000;

  private static final String OF_FIRST = "job_id IN (SELECT id FROM job WHERE name LIKE 'p%')";

  @AutoClose private ProxiedCluster cluster;
  private List<String> successors = List.of();

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  void each_successor_runs_once_for_each_success_also_over_the_death_of_a_node() throws Exception {
    cluster
        .api(0)
        .put(
            "/api/v1/tasks/successor",
            Map.of(
                "target",
                    Map.of("url", cluster.target().url("/ok"), "method", "POST", "body", "{{of}}"),
                "parameters", Map.of("of", Map.of("type", "string", "required", true))));
    successors = batch(0, this::successor);
    List<String> first = batch(1, this::predecessor);
    Ledger ledger = cluster.target().ledger();
    Verdict.soon(Duration.ofSeconds(30)).until(() -> ledger.size() > PAIRS / 2);
    Verdict.soon(Duration.ofSeconds(5)).until(() -> cluster.inFlight(1) > 0);
    cluster.node(1).kill9();

    Verdict.soon(Duration.ofSeconds(90))
        .until(() -> count("job WHERE name LIKE 'p%' AND state <> 'COMPLETED'") == 0);
    Verdict.soon(Duration.ofSeconds(60))
        .until(
            () ->
                count("execution WHERE state IN ('QUEUED', 'RUNNING', 'RETRYING')") == 0
                    && count("job WHERE origin <> 'CANONICAL' AND state = 'ACTIVE'") == 0);
    Map<String, Set<String>> runs = new HashMap<>();
    Map<String, Set<String>> told = new HashMap<>();
    for (Arrival each : ledger.arrivals()) {
      String job = String.valueOf(each.jobId());
      String execution = String.valueOf(each.executionId());
      if (successors.contains(job)) {
        String of = first.get(successors.indexOf(job));
        runs.computeIfAbsent(of, p -> new HashSet<>()).add(execution);
      } else if (job.startsWith("ch_")) {
        runs.computeIfAbsent(each.body(), p -> new HashSet<>()).add(execution);
      } else if (job.startsWith("cb_")) {
        told.computeIfAbsent(job.split("_")[1], p -> new HashSet<>()).add(execution);
      }
    }
    LOG.info(
        "calls {}, of which repeated {}; lateness {}",
        ledger.size(),
        ledger.repeatedExecutions().size(),
        ledger.lateness());
    assertThat(count("execution WHERE state = 'SUCCEEDED' AND " + OF_FIRST)).isEqualTo(PAIRS);
    assertThat(runs.keySet()).isEqualTo(Set.copyOf(first));
    assertThat(more(runs)).as("followed by more than one run").isEmpty();
    assertThat(told.keySet()).isEqualTo(predecessors());
    assertThat(more(told)).as("told of under more than one id").isEmpty();
    assertThat(ledger.repeatedTries()).isEmpty();
    assertThat(count("follower WHERE code IS NOT NULL")).isZero();
  }

  private Set<String> predecessors() throws SQLException {
    return Set.copyOf(query("SELECT id FROM execution WHERE " + OF_FIRST));
  }

  private static Set<String> more(Map<String, Set<String>> byPredecessor) {
    return byPredecessor.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private interface Draft {
    Map<String, ?> of(int n);
  }

  private List<String> batch(int node, Draft draft) {
    List<Map<String, ?>> jobs = new ArrayList<>();
    for (int n = 0; n < PAIRS; n++) {
      jobs.add(draft.of(n));
    }
    JsonNode answer = cluster.api(node).post("/api/v1/jobs:batch", Map.of("jobs", jobs)).body();
    List<String> ids = answer.findValuesAsText("id");
    assertThat(ids).as("%.500s", answer).hasSize(PAIRS);
    return ids;
  }

  private Map<String, ?> successor(int n) {
    return Map.of(
        "name", "s" + n,
        "target", Map.of("url", cluster.target().url("/ok")),
        "schedule", Map.of("type", "delay", "delay", "PT3H"));
  }

  private Map<String, ?> predecessor(int n) {
    Map<String, ?> link =
        n % 2 == 0
            ? Map.of("job", successors.get(n))
            : Map.of("task", "successor", "parameters", Map.of("of", "{{job.id}}"));
    return Map.of(
        "name",
        "p" + n,
        "target",
        Map.of("url", cluster.target().url("/slow?ms=40")),
        "schedule",
        Map.of("type", "delay", "delay", Duration.ofMillis(500 + 6 * n).toString()),
        "onSuccess",
        List.of(link),
        "callback",
        Map.of("url", cluster.target().url("/ok")));
  }

  private int count(String where) throws SQLException {
    return Integer.parseInt(query("SELECT COUNT(*) FROM " + where).get(0));
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = cluster.database().open()) {
      return Sql.query(connection, sql, row -> row.getString(1));
    }
  }
}
