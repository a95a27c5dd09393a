package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.LimitsRig.job;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A node is taken for dead while it has permits: they pass to the attempts that follow. */
class HeldTakeoverTest {
  @AutoClose private final LimitsRig limits = new LimitsRig();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<JobId> hanging = ConcurrentHashMap.newKeySet();
  private final AtomicInteger living = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void letGo() {
    end.countDown();
  }

  /** First attempts of some jobs hang; what else runs at once is counted. */
  private Outcome answer(Firing firing) {
    if (firing.attempt() == 1 && hanging.contains(firing.job().id())) {
      Gates.pass(end);
    } else {
      most.accumulateAndGet(living.incrementAndGet(), Math::max);
      await().pollDelay(Duration.ofMillis(100)).until(() -> true);
      living.decrementAndGet();
    }
    return new Outcome.Succeeded(200, null);
  }

  private void take(Engine engine) {
    limits.rig.update("DELETE FROM node WHERE instance_name = ?", engine.lease().instanceName());
  }

  @Test
  void the_turn_of_a_key_outlives_the_node_that_had_it() {
    limits.rig.target.answers(this::answer);
    Engine lost = limits.rig.start();
    Job first = job().queue("a").options(Map.of("fifoKey", "k")).build();
    Job second = job().queue("b").options(Map.of("fifoKey", "k")).build();
    hanging.add(first.id());
    lost.jobs().create(first);
    await().atMost(PATIENCE).until(() -> limits.rig.target.arrivals().size() == 1);
    Engine other = limits.rig.start();
    other.jobs().create(second);
    await().atMost(PATIENCE).until(() -> limits.held() == 1);

    take(lost);

    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(second.id()).equals("SUCCEEDED 1"));
    assertThat(limits.rig.executionOf(first.id())).isEqualTo("SUCCEEDED 2");
    assertThat(limits.rig.target.arrivals())
        .extracting(firing -> firing.job().id())
        .containsExactly(first.id(), first.id(), second.id());
    assertThat(most.get()).isEqualTo(1);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  @Test
  void a_cap_holds_over_the_death_of_a_node_that_used_all_of_it() {
    limits.rig.target.answers(this::answer);
    Engine lost = limits.rig.start();
    limits.set(lost, cap(2));
    List<Job> jobs = jobs(8);
    jobs.subList(0, 2).forEach(job -> hanging.add(job.id()));
    lost.jobs().createAll(jobs.subList(0, 2), true);
    await().atMost(PATIENCE).until(() -> limits.rig.target.arrivals().size() == 2);
    Engine other = limits.rig.start();
    other.jobs().createAll(jobs.subList(2, 8), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 6);

    take(lost);

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 10);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(most.get()).isEqualTo(2);
    assertThat(limits.rig.query("SELECT DISTINCT state FROM execution", row -> row.getString(1)))
        .containsExactly("SUCCEEDED");
  }
}
