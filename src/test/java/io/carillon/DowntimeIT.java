package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.JsonApi;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.TargetServer;
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
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thousand jobs of every minute after ten minutes in which no node ran: the target and the ledger
 * agree with each job's policy. The ten minutes pass in the tables.
 */
@Tag("acceptance")
@Timeout(240)
class DowntimeIT {
  private static final Logger LOG = LoggerFactory.getLogger(DowntimeIT.class);
  private static final Duration READY = Duration.ofSeconds(60);
  private static final int DOWN_MINUTES = 10;
  private static final int EACH = 250;

  /** Name, catchUp, and how many of the ten instants run. */
  private static final Map<String, Map<String, ?>> POLICIES =
      Map.of(
          "skip", Map.of("policy", "SKIP"),
          "once", Map.of("policy", "FIRE_ONCE"),
          "all", Map.of("policy", "FIRE_ALL"),
          "three", Map.of("policy", "FIRE_ALL", "max", 3));

  private static final Map<String, Integer> RUN =
      Map.of("skip", 1, "once", 2, "all", 10, "three", 4);

  @AutoClose private TargetServer target;

  @BeforeEach
  void start() throws IOException {
    target = TargetServer.start();
  }

  @Test
  void a_thousand_crons_catch_up_as_their_policies_say_and_every_ledger_adds_up() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      // So that all is stored, and the node down again, before the next minute begins.
      awaitSecond(2, 25);
      try (NodeProcess node = on(database, "before").start().awaitReady(READY)) {
        POLICIES.keySet().forEach(policy -> create(node.api(), policy));
        node.term();
        node.awaitExit(Duration.ofSeconds(20));
      }
      assertThat(target.ledger().size()).as("no minute began meanwhile").isZero();
      back(database);
      // The latest instant must be younger than a minute when it is found.
      awaitSecond(2, 30);
      Instant to = Instant.now().truncatedTo(ChronoUnit.MINUTES).plusMillis(1);
      Instant from = to.minusMillis(1).minus(Duration.ofMinutes(DOWN_MINUTES - 1));
      try (NodeProcess node = on(database, "after").start().awaitReady(READY)) {
        int expected = RUN.values().stream().mapToInt(runs -> runs * EACH).sum();
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> target.ledger().size() >= expected);
        judge(node.api(), from, to);
      }
    }
  }

  private static void awaitSecond(int least, int most) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(70))
        .until(
            () -> {
              long second = Instant.now().getEpochSecond() % 60;
              return second >= least && second <= most;
            });
  }

  private NodeBuilder on(TestDatabase database, String name) {
    return NodeProcess.named(name).database(database.url(), database.user(), database.password());
  }

  private void create(JsonApi api, String policy) {
    List<Map<String, ?>> jobs =
        IntStream.range(0, EACH)
            .<Map<String, ?>>mapToObj(
                n ->
                    Map.of(
                        "name", policy,
                        "target", Map.of("type", "http", "url", target.url("/ok")),
                        "schedule", Map.of("type", "cron", "cron", "* * * * *", "timeZone", "UTC"),
                        "catchUp", POLICIES.get(policy)))
            .toList();
    assertThat(api.post("/api/v1/jobs:batch", Map.of("jobs", jobs)).status()).isEqualTo(200);
  }

  /** Everything happened so much earlier; the plan begins with the first of ten instants. */
  private static void back(TestDatabase database) throws SQLException {
    Instant first =
        Instant.now()
            .truncatedTo(ChronoUnit.MINUTES)
            .plus(Duration.ofMinutes(Instant.now().getEpochSecond() % 60 > 30 ? 1 : 0))
            .minus(Duration.ofMinutes(DOWN_MINUTES - 1));
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?", first);
      Sql.update(
          connection,
          "UPDATE job SET created_at = ?, updated_at = ?",
          first.minusSeconds(30),
          first.minusSeconds(30));
    }
  }

  private void judge(JsonApi api, Instant from, Instant to) {
    Map<String, Map<String, Integer>> told = new TreeMap<>();
    for (String policy : POLICIES.keySet()) {
      Map<String, Integer> answers = new LinkedHashMap<>();
      for (String id : ids(api, policy)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> ledger(api, id, from, to).get("open").asInt() == 0);
        JsonNode ledger = ledger(api, id, from, to);
        assertThat(ledger.get("balanced").asBoolean()).as("%s %s", policy, ledger).isTrue();
        assertThat(ledger.get("planned").asInt()).as("%s", ledger).isEqualTo(DOWN_MINUTES);
        answers.merge(
            ledger.get("succeeded") + " run, skipped " + ledger.get("skipped"), 1, Integer::sum);
      }
      told.put(policy, answers);
    }
    LOG.info("Ten minutes down, {} jobs each: {}", EACH, told);
    RUN.forEach(
        (policy, runs) -> {
          String skipped =
              runs == DOWN_MINUTES ? "{}" : "{\"MISFIRE\":" + (DOWN_MINUTES - runs) + "}";
          assertThat(told.get(policy))
              .as(policy)
              .isEqualTo(Map.of(runs + " run, skipped " + skipped, EACH));
        });
    assertThat(target.ledger().repeatedTries()).isEmpty();
    assertThat(target.ledger().splitOccurrences()).isEmpty();
  }

  private static JsonNode ledger(JsonApi api, String id, Instant from, Instant to) {
    return api.get("/api/v1/jobs/" + id + "/ledger?from=" + from + "&to=" + to).body();
  }

  private static List<String> ids(JsonApi api, String policy) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = api.get("/api/v1/jobs?limit=200&name=" + policy + cursor).body();
      page.get("items").forEach(job -> ids.add(job.get("id").asText()));
      cursor = page.get("nextCursor").isNull() ? "" : "&cursor=" + page.get("nextCursor").asText();
    } while (!cursor.isEmpty());
    assertThat(ids).hasSize(EACH);
    return ids;
  }
}
