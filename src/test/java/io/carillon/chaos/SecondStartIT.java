package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Submitter;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second server where there is room for one: it says so in a line, and the first goes on. */
@Tag("chaos")
@Timeout(90)
class SecondStartIT {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(30);
  @AutoClose private TargetServer target;

  @BeforeEach
  void start() throws IOException {
    target = TargetServer.start();
  }

  @Test
  void on_the_same_data_directory_or_the_same_port() {
    try (NodeProcess first = NodeProcess.named("first").start()) {
      first.awaitReady(READY);
      String data = first.directory().resolve("data").toString();

      refused(NodeProcess.named("same-data").environment("CARILLON_DATA_DIR", data), "data");
      refused(NodeProcess.named("same-port").port(first.port()), Integer.toString(first.port()));

      isUnharmed(first);
    }
  }

  @Test
  void on_a_schema_of_a_later_version() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        NodeProcess first = on(database, "earlier").start()) {
      first.awaitReady(READY);
      try (Connection connection = database.dataSource().getConnection()) {
        Sql.update(
            connection,
            """
            INSERT INTO carillon_schema (installed_rank, version, description, type, script,
              checksum, installed_by, execution_time, success)
            VALUES (999, '999', 'of the future', 'SQL', 'V999__of_the_future.sql', 1, 'test', 1, 1)
            """);
      }

      refused(on(database, "older"), "999");

      isUnharmed(first);
    }
  }

  /** An instance name carries a random part and a token, so it cannot be had twice. */
  @Test
  void under_the_same_node_name_they_are_two_nodes() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        NodeProcess first =
            on(database, "twin1")
                .environment("CARILLON_NODE_NAME", "twin")
                .start()
                .awaitReady(READY);
        NodeProcess second =
            on(database, "twin2")
                .environment("CARILLON_NODE_NAME", "twin")
                .start()
                .awaitReady(READY);
        Submitter submitter = new Submitter(List.of(first.api(), second.api()), 50, 1)) {
      assertThat(nameOf(first)).startsWith("twin").isNotEqualTo(nameOf(second));
      submitter.submit(
          300,
          (tag, random) ->
              Submitter.job(tag, target.url("/ok"), Submitter.after(Duration.ofSeconds(1))),
          SOON);

      Audit audit = new Auditor(target.ledger(), submitter).oneTimeWithin(Duration.ofSeconds(15));
      assertThat(audit.exactlyOnce()).as(audit.toString()).isTrue();
      assertThat(nameOf(first)).endsWith(".1");
      assertThat(nameOf(second)).endsWith(".1");
    }
  }

  private static String nameOf(NodeProcess node) {
    return node.api().get("/healthz").body().at("/details/node/name").asText();
  }

  private static NodeBuilder on(TestDatabase database, String name) {
    return NodeProcess.named(name).database(database.url(), database.user(), database.password());
  }

  private static void refused(NodeBuilder second, String named) {
    try (NodeProcess node = second.start()) {
      assertThat(node.awaitExit(SOON)).as(node.story()).isIn(1, 2);
      String[] lines = node.output().strip().split("\n");
      assertThat(lines[lines.length - 1]).as(node.story()).contains(named);
      assertThat(node.output()).doesNotContain("\tat ");
    }
  }

  private void isUnharmed(NodeProcess first) {
    assertThat(first.isReady()).as(first.story()).isTrue();
    String id =
        first
            .api()
            .post(
                "/api/v1/jobs",
                Submitter.job("after", target.url("/ok"), Submitter.after(Duration.ZERO)))
            .text("id");
    Verdict.soon(Duration.ofSeconds(5)).until(() -> target.ledger().ofJob(id).size() == 1);
  }
}
