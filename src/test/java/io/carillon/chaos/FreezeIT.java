package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Disturbance;
import io.carillon.harness.Seed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that stand still for a while and then go on as if nothing had been. */
@Tag("chaos")
@Timeout(90)
class FreezeIT {
  /** A sleeper may hold the lock row, until the database ends its session. */
  private static final Duration HELD_UP = Duration.ofSeconds(5);

  /**
   * Calls that fell asleep in the microseconds between the last look at the lease and the write.
   */
  private static final int ON_THE_WAY = 1;

  private final long seed = Seed.of(FreezeIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  @Test
  @Tag("chaos-core")
  void a_node_that_sleeps_longer_than_its_lease_wakes_as_another_and_doubles_nothing()
      throws Exception {
    Random random = new Random(seed);
    List<Disturbance> sleeps = new ArrayList<>();
    try (Load load = Load.on(cluster, Load.Answering.after(300), seed)) {
      for (int time = 0; time < 2; time++) {
        load.awaitCalls(300 + random.nextInt(100));
        int sleeper = random.nextInt(3);
        String before = cluster.instanceName(sleeper);
        sleeps.add(sleep(sleeper, Duration.ofMillis(6_500 + random.nextInt(3_000))));
        Verdict.soon(Duration.ofSeconds(10)).until(() -> cluster.node(sleeper).isReady());
        assertThat(cluster.instanceName(sleeper)).isNotEqualTo(before);
      }
      load.end();
      Judgement judgement =
          load.judge(
              "Frozen for longer than the lease",
              sleeps,
              Judgement.Limits.promised(cluster.canary()).first(HELD_UP).onceAccepted(load));
      assertThat(judgement.oneTime().repeated().values()).allMatch(count -> count == 2);
      assertThat(judgement.overtaken()).as(cluster.story()).isLessThanOrEqualTo(ON_THE_WAY);
    }
  }

  @Test
  void naps_shorter_than_the_lease_are_noticed_by_nobody() throws Exception {
    Random random = new Random(seed);
    try (Load load = Load.on(cluster, Load.Answering.AT_ONCE, seed)) {
      List<String> before = names();
      for (int time = 0; time < 6; time++) {
        load.awaitCalls(100 + random.nextInt(200));
        sleep(random.nextInt(3), Duration.ofMillis(300 + random.nextInt(1_500)));
      }
      Judgement judgement =
          load.judge(
              "Six naps", List.of(), Judgement.Limits.promised(cluster.canary()).first(HELD_UP));
      assertThat(judgement.oneTime().exactlyOnce()).isTrue();
      assertThat(judgement.recurring().exactlyOnce()).isTrue();
      assertThat(names()).isEqualTo(before);
    }
  }

  private List<String> names() {
    return List.of(cluster.instanceName(0), cluster.instanceName(1), cluster.instanceName(2));
  }

  private Disturbance sleep(int node, Duration length) {
    Instant from = Instant.now();
    cluster.node(node).stop();
    Verdict.rest(length);
    cluster.node(node).cont();
    return Disturbance.since(from);
  }
}
