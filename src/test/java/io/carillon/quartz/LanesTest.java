package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.job;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.HostGates;
import io.carillon.execution.Outcome;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.QueueSettings;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What limits runs beside a queue's cap and rate. */
class LanesTest {
  @AutoClose private final LimitsRig limits = new LimitsRig();

  private int arrived() {
    return limits.rig.target.arrivals().size();
  }

  private boolean heldIn(String kind, int count) {
    return limits
        .rig
        .one("SELECT COUNT(*) FROM held WHERE kind = ?", kind)
        .equals(Integer.toString(count));
  }

  @Test
  void so_many_of_a_job_at_once() {
    limits.gated();
    Engine engine = limits.rig.start();
    Job job =
        SampleJob.noop(Samples.newId(), Samples.in(Duration.ofHours(1)))
            .options(Map.of("concurrency", Map.of("perJob", 2)))
            .build();
    engine.jobs().create(job);

    for (int n = 0; n < 5; n++) {
      engine.jobs().run(job.id(), "run" + n, Map.of());
    }

    await().atMost(PATIENCE).until(() -> arrived() == 2 && heldIn("JOB", 3));
    limits.letGo(1);
    await().atMost(PATIENCE).until(() -> arrived() == 3 && heldIn("JOB", 2));
    limits.letGo(4);
    await().atMost(PATIENCE).until(() -> arrived() == 5 && limits.count("permit") == 0);
  }

  @Test
  void so_many_of_a_queue_towards_one_host() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, new QueueSettings(3, null, 1));
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      jobs.add(job().calls("http://one.example/").build());
      jobs.add(job().calls("http://two.example/").build());
    }

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> arrived() == 2 && heldIn("QUEUE_HOST", 4));
    limits.letGo(6);
    await().atMost(PATIENCE).until(() -> arrived() == 6 && limits.count("permit") == 0);
    assertThat(limits.most(QUEUE)).isLessThanOrEqualTo(2);
  }

  @Test
  void of_a_key_one_at_a_time_in_due_order_over_retries() {
    AtomicInteger calls = new AtomicInteger();
    limits.rig.target.answers(
        firing ->
            calls.incrementAndGet() == 1
                ? new Outcome.Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Engine engine = limits.rig.start();
    limits.rig.start();
    Instant from = Instant.now().plusMillis(700);
    List<JobId> order = new ArrayList<>();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      Schedule at = new Schedule.At(from.plusMillis(n * 10), null, true, null, null, Limits.NONE);
      Job job =
          SampleJob.noop(Samples.newId(), at)
              .queue("queue" + n)
              .retry(RetryPolicy.fixed(3, Duration.ofMillis(600)))
              .options(Map.of("fifoKey", "customer-7"))
              .build();
      jobs.add(0, job);
      order.add(job.id());
    }

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> arrived() == 7);
    List<JobId> came =
        limits.rig.target.arrivals().stream().map(firing -> firing.job().id()).toList();
    assertThat(came.get(0)).isEqualTo(order.get(0));
    assertThat(came.subList(1, 7)).isEqualTo(order);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  /** A gate as a breaker would be. */
  private static final class OneGate implements HostGates {
    private volatile @Nullable Gate gate = new Gate("down.example", null);
    private final List<ExecutionId> probes = new ArrayList<>();

    @Override
    public Map<String, Gate> shut(Connection connection, Instant now) {
      Gate shut = gate;
      return shut == null ? Map.of() : Map.of(shut.host(), shut);
    }

    @Override
    public boolean claimProbe(Connection connection, String host, ExecutionId probe, Instant now) {
      synchronized (probes) {
        return probes.isEmpty() && probes.add(probe);
      }
    }
  }

  @Test
  void runs_of_a_host_that_may_not_be_called_wait_but_for_a_probe() {
    OneGate gates = new OneGate();
    limits.rig.gates = gates;
    Engine engine = limits.rig.start();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      jobs.add(job().calls("http://down.example:81/" + n).build());
    }
    jobs.add(job().calls("http://up.example/").build());

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> arrived() == 1 && heldIn("HOST", 4));
    assertThat(limits.rig.one("SELECT COUNT(*) FROM execution WHERE reason = 'CIRCUIT_OPEN'"))
        .isEqualTo("4");
    gates.gate = new HostGates.Gate("down.example", Instant.now());
    limits.wakeHosts();
    await().atMost(PATIENCE).until(() -> arrived() == 2 && heldIn("HOST", 3));
    await().pollDelay(Duration.ofMillis(700)).until(() -> true);
    assertThat(arrived()).isEqualTo(2);
    assertThat(limits.rig.target.arrivals().get(1).attempt()).isEqualTo(1);
    gates.gate = null;
    limits.wakeHosts();
    await().atMost(PATIENCE).until(() -> arrived() == 5);
  }

  @Test
  void a_host_that_hangs_has_a_share_of_a_nodes_calls_and_no_more() {
    limits.gated();
    limits.rig.threads = 30;
    Engine engine = limits.rig.start(10);
    List<Job> hanging = new ArrayList<>();
    for (int n = 0; n < 30; n++) {
      hanging.add(job().queue("hanging").calls("http://hangs.example/" + n).build());
    }
    engine.jobs().createAll(hanging, true);
    await().atMost(PATIENCE).until(() -> limits.running("hanging") == 5);

    for (int n = 0; n < 4; n++) {
      engine.jobs().create(job().calls("http://quick.example/" + n).build());
    }

    await().atMost(Duration.ofSeconds(4)).until(() -> limits.running(QUEUE) == 4);
    assertThat(limits.most("hanging")).isEqualTo(5);
    await().atMost(PATIENCE).until(() -> heldIn("HOST", 25));
    limits.letGo(34);
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> arrived() == 34);
    assertThat(limits.most("hanging")).isEqualTo(5);
  }

  @Test
  void a_host_that_hangs_has_a_share_of_a_nodes_workers_and_no_more() {
    limits.gated();
    limits.rig.threads = 20;
    Engine engine = limits.rig.start(1_000);
    List<Job> hanging = new ArrayList<>();
    for (int n = 0; n < 60; n++) {
      hanging.add(job().queue("hanging").calls("http://hangs.example/" + n).build());
    }
    engine.jobs().createAll(hanging, true);
    await().atMost(PATIENCE).until(() -> limits.running("hanging") >= 10);

    for (int n = 0; n < 4; n++) {
      engine.jobs().create(job().calls("http://quick.example/" + n).build());
    }

    await().atMost(Duration.ofSeconds(4)).until(() -> limits.running(QUEUE) == 4);
    limits.letGo(64);
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> arrived() == 64);
  }

  @Test
  void a_held_run_is_in_the_way_of_the_next_one_of_its_job() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, LimitsRig.cap(1));
    engine.jobs().createAll(LimitsRig.jobs(1), true);
    await().atMost(PATIENCE).until(() -> arrived() == 1);
    Job every =
        SampleJob.noop(
                Samples.newId(),
                new Schedule.FixedRate(
                    Duration.ofSeconds(1), new Limits(null, null, 2, Duration.ZERO, List.of())))
            .queue(QUEUE)
            .overlap(Overlap.SKIP)
            .build();
    engine.jobs().create(every);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                limits
                    .rig
                    .query(
                        "SELECT CONCAT(state, ' ', reason) FROM execution WHERE job_id = ? ORDER BY id",
                        row -> row.getString(1),
                        every.id().value())
                    .equals(List.of("QUEUED CONCURRENCY", "SKIPPED OVERLAP")));
    limits.letGo(3);
    await().atMost(PATIENCE).until(() -> arrived() >= 2);
  }
}
