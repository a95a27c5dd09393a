package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import io.carillon.harness.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Targets that refuse, or are not whom they should be. */
@Tag("chaos")
@Timeout(90)
class TargetFaultsIT {
  private static final Logger LOG = LoggerFactory.getLogger(TargetFaultsIT.class);

  private final long seed = Seed.of(TargetFaultsIT.class);
  @TempDir Path folder;

  @Test
  void each_fault_has_its_own_reason_and_the_others_go_on() throws Exception {
    TlsIdentity trusted = TlsIdentity.good();
    TlsIdentity expired = TlsIdentity.expired();
    TlsIdentity other = TlsIdentity.ofAnotherHost();
    try (TestDatabase database = TestDatabase.create();
        TargetServer plain = TargetServer.start();
        TargetServer good = TargetServer.start(trusted);
        TargetServer unknown = TargetServer.start(TlsIdentity.good());
        TargetServer late = TargetServer.start(expired);
        TargetServer wrong = TargetServer.start(other);
        NodeProcess node =
            trusting(database, TlsIdentity.trust(trusts(), trusted, expired, other));
        Submitter submitter = new Submitter(List.of(node.start().api()), 50, seed)) {
      node.awaitReady(Duration.ofSeconds(60));
      Map<String, String> expected = new LinkedHashMap<>();
      expected.put(create(node, good.url("/ok")), "SUCCEEDED");
      expected.put(create(node, unknown.url("/ok")), "FAILED TLS");
      expected.put(create(node, late.url("/ok")), "FAILED TLS");
      expected.put(create(node, wrong.url("/ok")), "FAILED TLS");
      expected.put(
          create(node, "http://127.0.0.1:" + NodeBuilder.freePort() + "/"), "FAILED CONNECT");
      expected.put(create(node, plain.url("/reset")), "FAILED NETWORK");
      expected.put(create(node, plain.url("/bad-chunk")), "FAILED NETWORK");
      expected.put(create(node, plain.url("/status/503")), "FAILED HTTP_503");
      submitter.submit(
          200,
          (tag, random) ->
              Submitter.job(tag, plain.url("/ok"), Submitter.after(Duration.ofMillis(200))),
          Duration.ofSeconds(20));

      Verdict.eventually(
          Duration.ofSeconds(20),
          () -> {
            Map<String, String> found = new LinkedHashMap<>();
            expected.keySet().forEach(job -> found.put(job, stateOf(node, job)));
            assertThat(found).as(node.story()).isEqualTo(expected);
          });
      assertThat(unknown.ledger().size() + late.ledger().size() + wrong.ledger().size()).isZero();
      Audit audit = new Auditor(plain.ledger(), submitter).oneTimeWithin(Duration.ofSeconds(10));
      LOG.info("Beside faulty targets: {}", audit);
      assertThat(audit.lost()).isEmpty();
      assertThat(audit.repeated()).isEmpty();
    }
  }

  private Path trusts() {
    return folder.resolve("trusted.p12");
  }

  private static NodeProcess trusting(TestDatabase database, List<String> options) {
    NodeBuilder builder =
        NodeProcess.named("tls").database(database.url(), database.user(), database.password());
    options.forEach(builder::jvmOption);
    return builder.build();
  }

  private static String create(NodeProcess node, String url) {
    Answer answer =
        node.api()
            .post(
                "/api/v1/jobs",
                Map.of(
                    "target",
                    Map.of("type", "http", "method", "POST", "url", url),
                    "schedule",
                    Submitter.after(Duration.ZERO),
                    "retry",
                    Map.of("maxAttempts", 1)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return answer.text("id");
  }

  private static String stateOf(NodeProcess node, String job) {
    var last = node.api().get("/api/v1/jobs/" + job + "/executions").body().at("/items/0");
    return (last.path("state").asText() + " " + last.path("reason").asText("").replace("null", ""))
        .strip();
  }
}
