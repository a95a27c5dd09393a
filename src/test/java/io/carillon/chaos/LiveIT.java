package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.SocketReader;
import io.carillon.harness.StreamReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs of one node, followed on the others. */
@Tag("chaos")
@Timeout(180)
class LiveIT {
  private static final Logger LOG = LoggerFactory.getLogger(LiveIT.class);
  private static final Duration IN_TIME = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<String> WORDS = List.of("waiting", "active", "completed");

  @AutoClose private ProxiedCluster cluster;
  private final List<AutoCloseable> clients = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @AfterEach
  void leave() throws Exception {
    for (AutoCloseable client : clients) {
      client.close();
    }
  }

  private <C extends AutoCloseable> C client(C made) {
    clients.add(made);
    return made;
  }

  @Test
  void what_happens_on_one_node_is_told_on_all_within_a_second_of_its_commit() throws Exception {
    long begun = System.nanoTime();
    SocketReader socket = client(SocketReader.open(cluster.node(1).port(), "/ws?full=1"));
    Verdict.soon(SOON).until(socket::isWelcome);
    LOG.info("the first reader was welcomed after {} ms", (System.nanoTime() - begun) / 1_000_000);
    begun = System.nanoTime();
    StreamReader stream = client(StreamReader.open(cluster.node(2).port(), "/api/v1/events"));
    Verdict.soon(SOON).until(stream::isWelcome);
    LOG.info("the second after {} ms", (System.nanoTime() - begun) / 1_000_000);
    List<SocketReader> crowd = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      crowd.add(client(SocketReader.open(cluster.node(n % 3).port(), "/ws")));
    }
    client(SocketReader.deaf(cluster.node(1).port(), "/ws"));
    client(StreamReader.deaf(cluster.node(2).port(), "/api/v1/events"));
    Verdict.soon(SOON).until(() -> crowd.stream().allMatch(SocketReader::isWelcome));

    List<String> jobs = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      jobs.add(create(0));
    }

    for (String job : jobs) {
      Verdict.soon(SOON).until(() -> socket.of(job).size() == 3 && stream.of(job).size() == 3);
      assertThat(socket.of(job)).extracting(SocketReader.Heard::event).isEqualTo(WORDS);
      assertThat(stream.of(job)).extracting(StreamReader.Heard::event).isEqualTo(WORDS);
    }
    Verdict.soon(SOON)
        .until(
            () ->
                crowd.stream()
                    .allMatch(one -> one.heard().size() == 1 + jobs.size() * WORDS.size()));
    Duration latest = Duration.ZERO;
    for (SocketReader one : crowd) {
      for (SocketReader.Heard heard : one.heard().subList(1, one.heard().size())) {
        latest = later(latest, heard.json().path("at").asText(), heard.at());
      }
    }
    for (StreamReader.Heard heard : stream.heard().subList(1, stream.heard().size())) {
      latest = later(latest, heard.json().path("at").asText(), heard.at());
    }
    LOG.info(
        "the latest of {} readers was told after {} ms; {}",
        crowd.size() + 2,
        latest.toMillis(),
        cluster.canary());
    assertThat(latest).isLessThan(IN_TIME);
  }

  /**
   * The event says when its statement ran; the commit came a moment later. Less what the machine is
   * to blame for.
   */
  private Duration later(Duration latest, String at, Instant heard) {
    Duration took = cluster.canary().judged(Duration.between(Instant.parse(at), heard), heard);
    return took.compareTo(latest) > 0 ? took : latest;
  }

  @Test
  void a_stream_whose_node_is_killed_goes_on_at_another_and_misses_nothing() throws Exception {
    StreamReader first = client(StreamReader.open(cluster.node(2).port(), "/api/v1/events"));
    Verdict.soon(SOON).until(first::isWelcome);
    List<String> jobs = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      jobs.add(create(n % 2));
      if (n == 50) {
        cluster.node(2).kill9();
      }
    }
    Verdict.soon(SOON).until(first::hasEnded);

    StreamReader second =
        client(
            StreamReader.open(
                cluster.node(0).port(), "/api/v1/events", "Last-Event-ID: " + first.lastId()));

    Verdict.soon(Duration.ofSeconds(60))
        .until(
            () ->
                jobs.stream()
                    .allMatch(
                        job ->
                            first.of(job).stream().anyMatch(one -> one.event().equals("completed"))
                                || second.of(job).stream()
                                    .anyMatch(one -> one.event().equals("completed"))));
    assertThat(second.heard()).noneMatch(one -> one.event().equals("gap"));
    for (String job : jobs) {
      List<String> told = new ArrayList<>();
      first.of(job).forEach(one -> told.add(one.event()));
      second.of(job).forEach(one -> told.add(one.event()));
      assertThat(told).containsSubsequence(WORDS);
    }
    Verdict.soon(SOON)
        .until(() -> second.heard().stream().anyMatch(one -> one.event().equals("node.lost")));
  }

  private String create(int node) {
    return cluster
        .api(node)
        .post(
            "/api/v1/jobs",
            Map.of("target", Map.of("type", "http", "url", cluster.target().url("/slow?ms=200"))))
        .text("id");
  }
}
