package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.harness.Answer;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real jar on its embedded database: first start, restart, crash, orderly stop, bad starts. */
@Timeout(90)
class SingleNodeIT {
  private static final Logger LOG = LoggerFactory.getLogger(SingleNodeIT.class);
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(15);

  @AutoClose private TargetServer target;

  @BeforeEach
  void start() throws IOException {
    target = TargetServer.start();
  }

  @Test
  void a_first_start_runs_a_task_and_a_restart_still_knows_it() {
    try (NodeProcess node = NodeProcess.named("first").start()) {
      node.awaitReady(READY);
      Answer created =
          node.api().post("/schedule", Map.of("task", target.url("/ok"), "delaySeconds", 0));
      assertThat(created.status()).as(created.toString()).isEqualTo(201);
      String id = created.text("jobId");
      within(SOON)
          .untilAsserted(
              () ->
                  assertThat(node.api().get("/status/" + id).text("status"))
                      .isEqualTo("completed"));

      node.term();
      assertThat(node.awaitExit(READY)).as(node.story()).isZero();
      node.start().awaitReady(READY);

      assertThat(node.api().get("/status/" + id).text("status")).isEqualTo("completed");
      assertThat(executions(node, id))
          .singleElement()
          .satisfies(each -> assertThat(each.path("state").asText()).isEqualTo("SUCCEEDED"));
      assertThat(target.ledger().ofJob(id)).hasSize(1);
    }
  }

  @Test
  void a_crash_during_submission_loses_no_acknowledged_job() throws Exception {
    try (NodeProcess node = NodeProcess.named("crash").start();
        Submitter submitter =
            new Submitter(List.of(node.api()), 100, Seed.of(SingleNodeIT.class))) {
      node.awaitReady(READY);
      CountDownLatch open = submitter.begin(300, this::shortly);
      within(SOON).until(() -> submitter.acknowledged().size() >= 100);

      node.kill9();
      assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
      node.start().awaitReady(READY);

      Auditor auditor = new Auditor(target.ledger(), submitter);
      Audit audit = auditor.oneTimeWithin(Duration.ofSeconds(20));
      assertThat(audit.atLeastOnce()).as(audit + node.story()).isTrue();
      assertThat(submitter.unknown()).as("the crash came too late to matter").isNotEmpty();
    }
  }

  /** Nobody else is there to notice the death: the node itself finds what it was doing before. */
  @Test
  void a_killed_node_calls_again_soon_after_its_restart_what_it_was_calling() {
    try (NodeProcess node = NodeProcess.named("restart").start()) {
      node.awaitReady(READY);
      List<String> hanging =
          Stream.generate(() -> create(node, "/slow?ms=20000")).limit(20).toList();
      within(SOON).until(() -> target.ledger().jobs().containsAll(hanging));

      node.kill9();
      Instant killed = Instant.now();
      node.start().awaitReady(READY);
      Instant ready = Instant.now();
      within(SOON).until(() -> target.ledger().size() >= 2 * hanging.size());

      Instant again = Instant.now();
      LOG.info(
          "Killed with 20 calls running: ready after {} ms, all of them called again {} ms later",
          Duration.between(killed, ready).toMillis(),
          Duration.between(ready, again).toMillis());
      assertThat(Duration.between(ready, again)).isLessThan(Duration.ofSeconds(3));
      assertThat(target.ledger().repeatedExecutions()).hasSize(hanging.size());
      assertThat(target.ledger().repeatedExecutions().values()).allMatch(count -> count == 2);
    }
  }

  @Test
  void an_orderly_stop_finishes_what_can_finish_and_hands_back_the_rest() {
    try (NodeProcess node =
        NodeProcess.named("drain").setting("carillon.drain.timeout", "4s").start()) {
      node.awaitReady(READY);
      String slow = create(node, "/slow?ms=1500");
      String hanging = create(node, "/hang");
      within(SOON).until(() -> target.ledger().jobs().containsAll(List.of(slow, hanging)));

      node.term();
      assertThat(node.awaitExit(Duration.ofSeconds(12))).as(node.story()).isZero();
      node.start().awaitReady(READY);
      within(SOON).until(() -> target.ledger().ofJob(hanging).size() == 2);

      assertThat(target.ledger().ofJob(slow)).hasSize(1);
      assertThat(executions(node, slow).get(0).path("state").asText()).isEqualTo("SUCCEEDED");
      var calls = target.ledger().ofJob(hanging);
      assertThat(calls.get(1).executionId()).isEqualTo(calls.get(0).executionId());
      assertThat(calls.get(1).attempt()).isEqualTo(2);
    }
  }

  @Test
  void a_second_signal_stops_at_once() {
    try (NodeProcess node =
        NodeProcess.named("second-signal").setting("carillon.drain.timeout", "60s").start()) {
      node.awaitReady(READY);
      String hanging = create(node, "/hang");
      within(SOON).until(() -> !target.ledger().ofJob(hanging).isEmpty());

      node.term();
      within(SOON).until(() -> !node.isReady());
      assertThat(node.isAlive()).as("waits for the running call" + node.story()).isTrue();
      node.term();

      node.awaitExit(Duration.ofSeconds(5));
    }
  }

  @Test
  void a_port_in_use_is_told_in_one_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        NodeProcess node = NodeProcess.named("port-in-use").port(taken.getLocalPort()).start()) {

      assertThat(node.awaitExit(READY)).as(node.story()).isNotZero();

      assertThat(node.output())
          .contains(Integer.toString(taken.getLocalPort()))
          .doesNotContain("\tat ");
    }
  }

  @Test
  void all_faults_of_the_configuration_are_told_at_once() {
    try (NodeProcess node =
        NodeProcess.named("misspelt")
            .setting("carillon.drain.timeuot", "3s")
            .setting("carillon.node.inflight", "many")
            .start()) {

      assertThat(node.awaitExit(READY)).as(node.story()).isEqualTo(2);

      assertThat(node.output())
          .contains("carillon.drain.timeuot")
          .contains("carillon.drain.timeout")
          .contains("carillon.node.inflight")
          .doesNotContain("\tat ");
    }
  }

  private Map<String, ?> shortly(String tag, RandomGenerator random) {
    return Submitter.job(
        tag, target.url("/ok"), Submitter.after(Duration.ofMillis(random.nextInt(1_000))));
  }

  private String create(NodeProcess node, String path) {
    Answer created =
        node.api()
            .post(
                "/api/v1/jobs",
                Submitter.job("single", target.url(path), Submitter.after(Duration.ZERO)));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.text("id");
  }

  private static JsonNode executions(NodeProcess node, String jobId) {
    return node.api().get("/api/v1/jobs/" + jobId + "/executions").body().path("items");
  }

  private static ConditionFactory within(Duration limit) {
    return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(50));
  }
}
