package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.breaker.CircuitBreakers;
import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.EventSink;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Target;
import io.carillon.queue.QueueTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the runs of a host whose breaker is open. */
class OpenBreakerTest {
  private static final String SHOP = "shop.example";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Outcome FAILED = new Outcome.Failed("HTTP_503", "503", 503, null, null);
  private static final Outcome OK = new Outcome.Succeeded(200, null);
  private static final BreakerConfig CONFIG =
      new BreakerConfig(
          true, Duration.ofSeconds(10), 0.5, 10, Duration.ofSeconds(1), Duration.ofSeconds(1));

  @AutoClose private final EngineRig rig = new EngineRig();
  private final AtomicBoolean failing = new AtomicBoolean(true);

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
    rig.target.answers(
        firing ->
            failing.get() && ((Target.Http) firing.job().target()).url().contains(SHOP)
                ? FAILED
                : OK);
    rig.gates = circuits.gates();
    rig.around = circuits::participant;
    rig.before = circuits::caller;
    engine = rig.start();
    circuits.start(engine::clockOffset);
  }

  private JobId create(String host, RetryPolicy retry) {
    JobId id = Samples.newId();
    Target target =
        new Target.Http("POST", "http://" + host + "/x", Map.of(), null, Duration.ofSeconds(5));
    engine.jobs().create(Samples.job(id, Samples.now(), retry).withTarget(target));
    return id;
  }

  private List<JobId> create(int count, String host) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(create(host, RetryPolicy.none()));
    }
    return ids;
  }

  private Breaker breaker() {
    return circuits.breakers().find(SHOP).breaker();
  }

  private void opened() {
    create(10, SHOP);
    await().atMost(PATIENCE).until(() -> breaker().shut());
  }

  private List<Integer> attemptsOf(JobId id) {
    return rig.target.arrivalsOf(id).stream().map(Firing::attempt).toList();
  }

  @Test
  void what_comes_due_waits_and_all_of_it_is_called_when_the_host_is_well() {
    JobId retried = create(SHOP, RetryPolicy.fixed(3, Duration.ofSeconds(1)));
    opened();
    int before = rig.target.arrivals().size();

    List<JobId> held = create(30, SHOP);
    List<JobId> others = create(5, "other.example");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(rig.one("SELECT COUNT(*) FROM execution WHERE reason = 'CIRCUIT_OPEN'"))
                    .isGreaterThanOrEqualTo("20"));
    await()
        .atMost(PATIENCE)
        .until(() -> others.stream().allMatch(id -> rig.executionOf(id).equals("SUCCEEDED 1")));
    assertThat(rig.target.arrivals().size() - before - 5).as("probes").isLessThan(5);
    failing.set(false);
    await()
        .atMost(PATIENCE)
        .until(() -> held.stream().allMatch(id -> rig.jobOf(id).equals("COMPLETED")));
    assertThat(breaker().state()).isEqualTo(Breaker.State.CLOSED);
    assertThat(held.stream().filter(id -> attemptsOf(id).equals(List.of(1))).count())
        .as("called once, with the first attempt")
        .isEqualTo(30);
    await().atMost(PATIENCE).until(() -> rig.executionOf(retried).startsWith("SUCCEEDED"));
    assertThat(rig.one("SELECT COUNT(*) FROM held")).isEqualTo("0");
  }

  @Test
  void a_target_that_answers_later_is_well_as_soon_as_it_answers() {
    opened();
    List<JobId> held = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      JobId id = Samples.newId();
      Target shop =
          new Target.Http("POST", "http://" + SHOP + "/x", Map.of(), null, Duration.ofSeconds(5));
      engine
          .jobs()
          .create(
              SampleJob.like(Samples.job(id, Samples.now(), RetryPolicy.none()).withTarget(shop))
                  .options(Map.of("async", Map.of("timeout", "PT1H")))
                  .build());
      held.add(id);
    }

    rig.target.answers(firing -> new Outcome.Succeeded(202, null));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(breaker().state()).isEqualTo(Breaker.State.CLOSED));
    await()
        .atMost(PATIENCE)
        .until(() -> held.stream().allMatch(id -> attemptsOf(id).equals(List.of(1))));
  }

  @Test
  void nothing_is_called_while_it_is_kept_open_and_all_when_it_is_let_go() {
    circuits.breakers().put(SHOP, Force.OPEN, OptionalLong.empty());
    circuits.breakers().put("other.example", Force.OPEN, OptionalLong.empty());
    await().atMost(PATIENCE).until(() -> circuits.gates().any());
    failing.set(false);
    List<JobId> held = create(5, SHOP);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one("SELECT COUNT(*) FROM execution WHERE reason = 'CIRCUIT_OPEN'")
                    .equals("5"));
    assertThat(rig.target.arrivals()).isEmpty();

    circuits.breakers().put(SHOP, Force.AUTO, OptionalLong.empty());

    await()
        .atMost(PATIENCE)
        .until(() -> held.stream().allMatch(id -> rig.executionOf(id).equals("SUCCEEDED 1")));
  }

  @Test
  void no_probe_is_lost_on_what_has_expired_while_its_host_could_not_be_called() {
    opened();
    Target shop =
        new Target.Http("POST", "http://" + SHOP + "/x", Map.of(), null, Duration.ofSeconds(5));
    failing.set(false);
    List<JobId> expiring = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      JobId id = Samples.newId();
      engine
          .jobs()
          .create(
              SampleJob.like(Samples.job(id, Samples.now(), RetryPolicy.none()).withTarget(shop))
                  .expiresAfter(Duration.ofMillis(300))
                  .build());
      expiring.add(id);
    }
    JobId lasting = create(SHOP, RetryPolicy.none());

    await().atMost(PATIENCE).until(() -> rig.executionOf(lasting).equals("SUCCEEDED 1"));
    assertThat(expiring).allMatch(id -> rig.executionOf(id).equals("SKIPPED 0"));
    await().atMost(PATIENCE).until(() -> !breaker().shut());
  }
}
