package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What following costs in statements: nothing for whom it does not concern. */
class FollowingCostTest {
  private static final Logger LOG = LoggerFactory.getLogger(FollowingCostTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As {@link StatementBudgetTest} allows for one-time jobs. */
  private static final long PLAIN = 14;

  /** With all that can follow, at once: a callback, a run, a new job, a group. */
  private static final long EVERYTHING = 60;

  private final CountedStatements counted = new CountedStatements();
  @AutoClose private final FollowingRig rig = new FollowingRig();

  @Test
  void whom_it_does_not_concern_pays_nothing_and_the_others_the_same_for_any_number() {
    rig.engines.pool = counted::over;
    rig.engines.threads = 300;
    TaskId noop = TaskId.of("noop");
    rig.tasks.put(noop, new Task(noop, null, Map.of("type", "noop"), Map.of(), null, null));
    Engine engine = rig.start();
    engine.jobs().create(FollowingRig.waiting("next", Map.of()));
    engine.jobs().create(FollowingRig.waiting("holds", Map.of("group", "g")));

    long plain = most(engine, "plain", 60, Map.of(), 1);
    Map<String, Object> everything =
        Map.of(
            "callback",
            Map.of("url", "https://x.example/"),
            "onSuccess",
            List.of(Map.of("job", "next"), Map.of("task", "noop")),
            "group",
            "g");
    long few = most(engine, "few", 10, everything, 4);
    long many = most(engine, "many", 80, everything, 4);

    LOG.info("Statements per completion: plain {}, few {}, many {}", plain, few, many);
    assertThat(plain).isLessThanOrEqualTo(PLAIN);
    assertThat(many).isLessThanOrEqualTo(EVERYTHING);
    assertThat(few).isLessThanOrEqualTo(EVERYTHING);
  }

  /** The dearest completion of so many jobs that end together. */
  private long most(Engine engine, String name, int size, Map<String, Object> fields, int calls) {
    rig.quiet();
    rig.engines.target.arrivals().clear();
    counted.forget();
    CountDownLatch all = new CountDownLatch(size);
    rig.engines.target.before(
        () -> {
          all.countDown();
          try {
            all.await(5, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Schedule soon =
        new Schedule.At(Instant.now().plusSeconds(1), null, true, null, null, Limits.NONE);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      jobs.add(SampleJob.noop(JobId.of(name + i), soon).options(fields).build());
    }
    engine.jobs().createAll(jobs, true);
    await().atMost(PATIENCE).until(() -> rig.engines.target.arrivals().size() >= size * calls);
    rig.quiet();
    List<Long> costs = counted.transactionsOf("carillon-completions");
    return costs.get(costs.size() - 1);
  }
}
