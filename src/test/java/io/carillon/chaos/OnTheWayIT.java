package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.Arrival;
import io.carillon.harness.ChaosProxy;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import io.carillon.harness.TlsIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that falls asleep between beginning its calls and sending them. */
@Tag("chaos")
@Tag("chaos-core")
@Timeout(90)
class OnTheWayIT {
  private static final int CALLS = 20;
  private static final Duration READY = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void calls_that_another_node_has_made_meanwhile_are_not_sent_on_waking() throws Exception {
    TlsIdentity identity = TlsIdentity.good();
    List<String> trusting = TlsIdentity.trust(folder.resolve("trusted.p12"), identity);
    try (TestDatabase database = TestDatabase.create();
        TargetServer target = TargetServer.start(identity);
        ChaosProxy link = ChaosProxy.before(URI.create(target.url("/")).getPort());
        NodeProcess sleeper = node("sleeper", database, trusting);
        NodeProcess peer = node("peer", database, trusting)) {
      sleeper.start().awaitReady(READY);
      String before = instanceName(sleeper);
      link.blackHole();
      create(sleeper, "https://127.0.0.1:" + link.port() + "/ok");
      Verdict.soon(Duration.ofSeconds(10)).until(() -> inFlight(sleeper) == CALLS);
      // All of them have begun, and wait for the target to answer their greeting.
      Verdict.rest(Duration.ofSeconds(1));

      sleeper.stop();
      link.pass();
      peer.start().awaitReady(READY);
      Verdict.soon(Duration.ofSeconds(30)).until(() -> target.ledger().size() == CALLS);
      sleeper.cont();
      Verdict.eventually(
          Duration.ofSeconds(10),
          () -> {
            assertThat(instanceName(sleeper)).isNotEqualTo(before);
            assertThat(inFlight(sleeper)).isZero();
            assertThat(sleeper.output().lines().filter(line -> line.contains("was not sent")))
                .as(sleeper.story())
                .hasSize(CALLS);
          });

      assertThat(target.ledger().arrivals())
          .as(sleeper.story() + peer.story())
          .hasSize(CALLS)
          .extracting(Arrival::attempt)
          .containsOnly(2);
    }
  }

  private static NodeProcess node(String name, TestDatabase database, List<String> options) {
    NodeBuilder builder =
        NodeProcess.named(name).database(database.url(), database.user(), database.password());
    options.forEach(builder::jvmOption);
    return builder.build();
  }

  private static void create(NodeProcess node, String url) {
    Map<String, ?> job = Submitter.job("t", url, Submitter.after(Duration.ZERO));
    Answer answer =
        node.api().post("/api/v1/jobs:batch", Map.of("jobs", Collections.nCopies(CALLS, job)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static String instanceName(NodeProcess node) {
    return node.api().get("/healthz").body().at("/details/node/name").asText();
  }

  private static int inFlight(NodeProcess node) {
    return node.api().get("/healthz").body().at("/details/node/inFlight").asInt();
  }
}
