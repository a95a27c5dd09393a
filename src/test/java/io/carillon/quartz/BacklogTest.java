package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More is due than can be fired at once. */
class BacklogTest {
  private static final int LATE = 160;

  /** With room for batches, and with room for single firings. */
  @ParameterizedTest
  @ValueSource(ints = {20, 2})
  void what_comes_due_behind_a_backlog_does_not_wait_for_all_of_it(int inFlight) throws Exception {
    try (EngineRig rig = new EngineRig()) {
      CountDownLatch planted = new CountDownLatch(1);
      rig.target.answers(firing -> afterwards(planted));
      Engine engine = rig.start(inFlight);
      List<Job> late = new ArrayList<>();
      for (int n = 0; n < LATE; n++) {
        late.add(job(Duration.ofHours(1)));
      }
      engine.jobs().createAll(late, true);
      rig.update(
          "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?, START_TIME = NEXT_FIRE_TIME",
          System.currentTimeMillis() - 60_000);
      Job fresh = job(Duration.ofMillis(1));
      engine.jobs().create(fresh);
      planted.countDown();

      await()
          .atMost(PATIENCE.multipliedBy(3))
          .until(() -> rig.target.arrivals().size() == LATE + 1);
      List<JobId> order = rig.target.arrivals().stream().map(Firing::job).map(Job::id).toList();
      assertThat(order.indexOf(fresh.id())).isLessThan(LATE / 2);
      assertThat(order).doesNotHaveDuplicates();
    }
  }

  @Test
  void a_node_that_has_just_started_begins_with_small_batches() throws Exception {
    try (EngineRig rig = new EngineRig()) {
      rig.threads = 500;
      Engine first = rig.start();
      List<Job> late = new ArrayList<>();
      for (int n = 0; n < 900; n++) {
        late.add(job(Duration.ofHours(1)));
      }
      first.jobs().createAll(late, true);
      first.close();
      rig.update(
          "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?, START_TIME = NEXT_FIRE_TIME",
          System.currentTimeMillis() - 60_000);

      rig.start();

      await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == late.size());
      Collection<Long> batches =
          rig.target.arrivals().stream()
              .collect(Collectors.groupingBy(Firing::firedAt, TreeMap::new, Collectors.counting()))
              .values();
      assertThat(batches).startsWith(50L, 100L, 200L);
    }
  }

  private static Job job(Duration delay) {
    return Samples.job(Samples.newId(), Samples.in(delay), RetryPolicy.none());
  }

  private static Outcome afterwards(CountDownLatch planted) {
    try {
      planted.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Succeeded(200, null);
  }
}
