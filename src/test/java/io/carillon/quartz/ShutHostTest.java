package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.breaker.CircuitBreakers;
import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.EventSink;
import io.carillon.execution.Outcome;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.queue.QueueTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a host that is not probed for an hour sleeps, and is woken by whoever closes. */
class ShutHostTest {
  private static final String SHOP = "shop.example";
  private static final BreakerConfig CONFIG =
      new BreakerConfig(
          true, Duration.ofSeconds(10), 0.5, 10, Duration.ofHours(1), Duration.ofHours(1));

  @AutoClose private final EngineRig rig = new EngineRig();

  @AutoClose
  private final CircuitBreakers circuits =
      new CircuitBreakers(
          rig.database.dataSource(),
          CONFIG,
          new SilentMeter(),
          EventSink.NONE,
          QueueTable::wakeHosts,
          InstantSource.system());

  private Engine engine;

  @BeforeEach
  void start() {
    rig.gates = circuits.gates();
    rig.around = circuits::participant;
    rig.before = circuits::caller;
    engine = rig.start();
    circuits.start(engine::clockOffset);
  }

  private List<JobId> create(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            n ->
                engine
                    .jobs()
                    .create(
                        SampleJob.noop(Samples.newId(), Samples.now())
                            .retry(RetryPolicy.none())
                            .calls("http://" + SHOP + "/" + n)
                            .build())
                    .id())
        .toList();
  }

  private List<JobId> heldBehindAnOpenBreaker() {
    rig.target.answers(firing -> new Outcome.Failed("HTTP_503", "503", 503, null, null));
    create(10);
    await().atMost(PATIENCE).until(() -> circuits.breakers().find(SHOP).breaker().shut());
    rig.target.answers(firing -> new Outcome.Succeeded(200, null));
    List<JobId> held = create(5);
    await().atMost(PATIENCE).until(() -> readyIn().compareTo("3000") > 0);
    assertThat(rig.one("SELECT COUNT(*) FROM held WHERE kind = 'HOST'")).isEqualTo("5");
    return held;
  }

  /** In how many seconds its lane is looked at; at least a thousand, so that texts compare. */
  private String readyIn() {
    return rig.one(
        """
        SELECT CAST(GREATEST(1000, ready_at / 1000 - UNIX_TIMESTAMP()) AS SIGNED) FROM lane
        WHERE kind = 'HOST' AND (SELECT COUNT(*) FROM held) = 5
        """);
  }

  private void goesOn(List<JobId> held) {
    await()
        .atMost(PATIENCE)
        .until(() -> held.stream().allMatch(id -> rig.executionOf(id).equals("SUCCEEDED 1")));
  }

  @Test
  void who_keeps_it_closed_by_hand_lets_all_go() {
    List<JobId> held = heldBehindAnOpenBreaker();

    circuits.breakers().put(SHOP, Force.CLOSED, OptionalLong.empty());

    goesOn(held);
  }

  @Test
  void every_node_sees_that_another_has_closed_it() {
    List<JobId> held = heldBehindAnOpenBreaker();

    rig.update("UPDATE breaker SET state = 'CLOSED', open_until = NULL, version = version + 1");

    goesOn(held);
  }

  @Test
  void who_lets_it_go_by_hand_lets_all_go() {
    circuits.breakers().put(SHOP, Force.OPEN, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> circuits.gates().any());
    List<JobId> held = create(2);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        """
                        SELECT COUNT(*) FROM lane
                        WHERE kind = 'HOST' AND ready_at IS NULL AND (SELECT COUNT(*) FROM held) = 2
                        """)
                    .equals("1"));

    circuits.breakers().put(SHOP, Force.AUTO, OptionalLong.empty());

    goesOn(held);
  }
}
