package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.harness.Arrival;
import io.carillon.harness.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of every second whose calls take three, on three nodes of which one is killed in between:
 * judged by what the target saw.
 */
@Tag("chaos")
@Timeout(180)
class OverlapIT {
  private static final Logger LOG = LoggerFactory.getLogger(OverlapIT.class);
  private static final Duration CALL = Duration.ofSeconds(3);
  private static final int INSTANTS = 9;
  private static final List<String> POLICIES =
      List.of("SKIP", "QUEUE_ONE", "QUEUE_ALL", "CANCEL_RUNNING");

  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  void each_policy_does_what_it_says_also_over_the_death_of_a_node() throws Exception {
    Instant from = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
    for (String policy : POLICIES) {
      for (int n = 0; n < 3; n++) {
        assertThat(cluster.api(n).put("/api/v1/jobs/" + policy + n, job(policy, from)).status())
            .isEqualTo(201);
      }
    }
    Verdict.soon(Duration.ofSeconds(20))
        .until(() -> Instant.now().isAfter(from.plusSeconds(5)) && cluster.inFlight(1) > 0);
    cluster.node(1).kill9();

    Verdict.soon(Duration.ofSeconds(120)).until(() -> states().equals(List.of("COMPLETED")));
    Ledger ledger = cluster.target().ledger();
    for (int n = 0; n < 3; n++) {
      Map<String, Integer> skip = told("SKIP" + n);
      Map<String, Integer> one = told("QUEUE_ONE" + n);
      Map<String, Integer> all = told("QUEUE_ALL" + n);
      Map<String, Integer> cancel = told("CANCEL_RUNNING" + n);
      LOG.info("SKIP {} QUEUE_ONE {} QUEUE_ALL {} CANCEL_RUNNING {}", skip, one, all, cancel);
      for (Map<String, Integer> told : List.of(skip, one, all, cancel)) {
        assertThat(told.values().stream().mapToInt(count -> count).sum()).isEqualTo(INSTANTS);
      }
      assertThat(skip).containsOnlyKeys("SUCCEEDED", "SKIPPED OVERLAP");
      assertThat(skip.get("SUCCEEDED")).isBetween(2, 3);
      assertThat(one).containsOnlyKeys("SUCCEEDED", "SKIPPED OVERLAP");
      assertThat(one.get("SUCCEEDED")).isBetween(3, 5);
      assertThat(all).containsOnlyKeys("SUCCEEDED");
      assertThat(cancel).containsOnlyKeys("SUCCEEDED", "CANCELLED OVERLAP");
      assertThat(cancel.get("SUCCEEDED")).isEqualTo(1);
      for (String policy : List.of("SKIP", "QUEUE_ONE", "QUEUE_ALL")) {
        assertThat(beside(ledger, policy + n)).as(policy + n).isEmpty();
        assertThat(ledger.ofJob(policy + n)).extracting(Arrival::scheduledAt).isSorted();
      }
      assertThat(ledger.ofJob("QUEUE_ALL" + n))
          .extracting(Arrival::scheduledAt)
          .as("every instant, in order")
          .hasSizeGreaterThanOrEqualTo(INSTANTS);
      assertThat(goingOn(ledger, "CANCEL_RUNNING" + n)).isEmpty();
    }
    assertThat(ledger.repeatedTries()).isEmpty();
  }

  private Map<String, ?> job(String policy, Instant from) {
    return Map.of(
        "target",
        Map.of("type", "http", "url", cluster.target().url("/slow?ms=" + CALL.toMillis())),
        "schedule",
        Map.of(
            "type",
            "fixedRate",
            "every",
            "PT1S",
            "startAt",
            from.toString(),
            "endAt",
            from.plusSeconds(INSTANTS - 1).toString()),
        "overlap",
        policy);
  }

  private List<String> states() throws SQLException {
    return query("SELECT DISTINCT state FROM job WHERE id REGEXP '^(SKIP|QUEUE|CANCEL)'");
  }

  /** How many planned instants of a job ended in which way. */
  private Map<String, Integer> told(String job) throws SQLException {
    Map<String, Integer> told = new LinkedHashMap<>();
    for (String row :
        query(
            """
            SELECT CONCAT(state, IF(state = 'SUCCEEDED', '', CONCAT(' ', reason)), '=',
              SUM(COALESCE(span_count, 1)))
            FROM execution WHERE job_id = '%s'
            GROUP BY state, IF(state = 'SUCCEEDED', '', reason)
            """
                .formatted(job))) {
      String[] parts = row.split("=");
      told.put(parts[0], Integer.parseInt(parts[1]));
    }
    return told;
  }

  /** Calls of a job that came while one of another execution was being answered. */
  private static List<String> beside(Ledger ledger, String job) {
    List<String> found = new ArrayList<>();
    List<Arrival> calls = ledger.ofJob(job);
    for (Arrival one : calls) {
      for (Arrival other : calls) {
        boolean during = other.at().isAfter(one.at()) && other.at().isBefore(one.at().plus(CALL));
        if (during && !String.valueOf(other.executionId()).equals(one.executionId())) {
          found.add(one.scheduledAt() + " and " + other.scheduledAt());
        }
      }
    }
    return found;
  }

  /**
   * Calls that were not broken off within two seconds though the next one had taken their place.
   */
  private List<String> goingOn(Ledger ledger, String job) throws SQLException {
    return query(
        """
        SELECT e.id
        FROM execution AS e JOIN attempt AS a ON a.execution_id = e.id
        WHERE e.job_id = '%s' AND e.state = 'CANCELLED' AND a.finished_at > e.finished_at + 2000
        """
            .formatted(job));
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = cluster.database().open()) {
      return Sql.query(connection, sql, row -> row.getString(1));
    }
  }
}
