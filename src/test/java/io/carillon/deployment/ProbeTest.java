package io.carillon.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carillon.harness.NodeBuilder;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProbeTest {
  @TempDir Path folder;
  @AutoClose private TargetServer server;

  @BeforeEach
  void start() throws IOException {
    server = TargetServer.start();
  }

  @Test
  void is_well_when_the_server_answers_200() throws Exception {
    assertThat(probe("/ok")).isZero();
    assertThat(server.ledger().arrivals())
        .allSatisfy(each -> assertThat(each.headers()).containsEntry("host", "localhost"));
  }

  @Test
  void is_ill_when_the_server_answers_503() throws Exception {
    assertThat(probe("/status/503")).isNotZero();
  }

  @Test
  void is_ill_within_seconds_when_the_server_hangs() throws Exception {
    Instant start = Instant.now();

    assertThat(probe("/hang")).isNotZero();
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void is_ill_when_nobody_listens() throws Exception {
    assertThat(probe("/ok", NodeBuilder.freePort())).isNotZero();
  }

  private int probe(String path) throws IOException, InterruptedException {
    return probe(path, URI.create(server.url("/")).getPort());
  }

  private int probe(String path, int port) throws IOException, InterruptedException {
    Tool.Result result =
        Tool.run(
            folder,
            Map.of("CARILLON_HTTP_PORT", Integer.toString(port)),
            List.of("bash", "src/docker/probe", path));
    assumeTrue(result.installed(), "bash is not installed, so the probe cannot be tried");
    return result.exitCode();
  }
}
