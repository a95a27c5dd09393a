package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.job.Job;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** High before normal before low, and none without its share. */
class PrioritiesTest {
  @AutoClose private final LimitsRig limits = new LimitsRig().calls(Duration.ofMillis(5));

  private static List<Job> jobs(Priority priority, int count, String queue) {
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      jobs.add(
          SampleJob.noop(Samples.newId(), Samples.in(Duration.ofHours(1)))
              .retry(RetryPolicy.none())
              .queue(queue)
              .priority(priority)
              .build());
    }
    return jobs;
  }

  /**
   * In one statement: what is late is fired at once, and of the one there is to be a backlog when
   * the other comes.
   */
  private void lowIsAMinuteLateAndHighFiveSeconds() {
    long now = System.currentTimeMillis();
    int low = Priority.LOW.number();
    limits.rig.update(
        """
        UPDATE QRTZ_TRIGGERS
        SET NEXT_FIRE_TIME = IF(PRIORITY = ?, ?, ?), START_TIME = IF(PRIORITY = ?, ?, ?)
        """,
        low,
        now - 60_000,
        now - 5_000,
        low,
        now - 60_000,
        now - 5_000);
  }

  private List<Priority> order() {
    return limits.rig.target.arrivals().stream().map(Firing::job).map(Job::priority).toList();
  }

  private static long count(List<Priority> order, Priority priority) {
    return order.stream().filter(priority::equals).count();
  }

  @Test
  void behind_a_backlog_high_overtakes_and_low_gets_its_share() {
    Engine engine = limits.rig.start(10);
    engine.jobs().createAll(jobs(Priority.LOW, 200, "a"), true);
    engine.jobs().createAll(jobs(Priority.HIGH, 100, "b"), true);
    lowIsAMinuteLateAndHighFiveSeconds();

    await().atMost(PATIENCE.multipliedBy(3)).until(() -> order().size() == 300);
    List<Priority> order = order();
    int last = order.lastIndexOf(Priority.HIGH);
    assertThat(last).isLessThan(200);
    assertThat(count(order.subList(0, last), Priority.LOW)).isGreaterThanOrEqualTo(8);
  }

  @Test
  void low_gets_its_share_behind_a_backlog_while_some_queue_is_paused() {
    Engine engine = limits.rig.start(10);
    engine.queues().pause("default", "elsewhere", null, null);
    engine.jobs().createAll(jobs(Priority.LOW, 200, "a"), true);
    engine.jobs().createAll(jobs(Priority.HIGH, 100, "b"), true);
    lowIsAMinuteLateAndHighFiveSeconds();

    await().atMost(PATIENCE.multipliedBy(3)).until(() -> order().size() == 300);
    List<Priority> order = order();
    int first = order.indexOf(Priority.HIGH);
    int last = order.lastIndexOf(Priority.HIGH);
    assertThat(count(order.subList(first, last), Priority.LOW)).isGreaterThanOrEqualTo(8);
  }

  @Test
  void of_what_is_held_high_goes_first_and_low_gets_its_share() {
    Engine engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.queues().pause("default", QUEUE, null, null);
    engine.jobs().createAll(jobs(Priority.LOW, 20, QUEUE), true);
    engine.jobs().createAll(jobs(Priority.HIGH, 40, QUEUE), true);
    lowIsAMinuteLateAndHighFiveSeconds();
    engine.queues().resume("default", QUEUE);

    await().atMost(PATIENCE.multipliedBy(2)).until(() -> order().size() == 60);
    List<Priority> first = order().subList(3, 43);
    assertThat(count(first, Priority.HIGH)).isGreaterThanOrEqualTo(30);
    assertThat(count(first, Priority.LOW)).isGreaterThanOrEqualTo(3);
  }
}
