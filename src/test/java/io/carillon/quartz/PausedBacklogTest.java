package io.carillon.quartz;

import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Much is due in a paused queue: the others do not notice, and the node is as idle as ever. */
class PausedBacklogTest {
  private static final Logger LOG = LoggerFactory.getLogger(PausedBacklogTest.class);
  private static final int HELD = 20_000;
  private static final int ACTIVE = 20;
  private static final int ROUNDS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final double IDLE = 60;

  @AutoClose private final EngineRig rig = new EngineRig();

  @Test
  void twenty_thousand_due_triggers_of_a_paused_queue_hold_up_no_other() {
    Engine engine = rig.start();
    for (int chunk = 0; chunk < HELD / 1_000; chunk++) {
      engine.jobs().createAll(jobs("bulk", Samples.in(Duration.ofHours(1)), 1_000), false);
    }
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
    List<Job> active = jobs("mail", everySecond, ACTIVE);
    engine.jobs().createAll(active, true);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() >= ACTIVE);

    long begun = System.nanoTime();
    engine.queues().pause("default", "bulk", "stock-taking", null);
    long paused = System.nanoTime();
    rig.update(
        """
        UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?, START_TIME = NEXT_FIRE_TIME
        WHERE TRIGGER_GROUP = 'bulk'
        """,
        System.currentTimeMillis() - 60_000);
    int before = rig.target.arrivals().size();
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() >= before + ROUNDS * ACTIVE);

    List<Firing> meanwhile =
        new ArrayList<>(rig.target.arrivals()).subList(before, before + ROUNDS * ACTIVE);
    long latest =
        meanwhile.stream()
            .mapToLong(f -> Duration.between(f.scheduledAt(), f.firedAt()).toMillis())
            .max()
            .orElseThrow();
    LOG.info(
        "Paused in {} ms; latest firing beside it: {} ms", (paused - begun) / 1_000_000, latest);
    assertThat(meanwhile).extracting(f -> f.job().queue()).containsOnly("mail");
    assertThat(latest).isLessThan(2_000);
    assertThat((paused - begun) / 1_000_000).as("a pause is one row").isLessThan(1_000);
    await().atMost(PATIENCE).until(() -> triggers("PAUSED") == HELD);

    active.stream().map(Job::id).forEach(id -> cancel(engine, id));
    assertThat(statementsPerSecond()).as("once they are held").isLessThanOrEqualTo(IDLE);

    engine.hold();
    engine.queues().resume("default", "bulk");
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.tendQueues();
              return triggers("WAITING") == HELD;
            });
  }

  private static List<Job> jobs(String queue, Schedule schedule, int count) {
    return Stream.generate(
            () -> SampleJob.noop(newId(), schedule).queue(queue).retry(RetryPolicy.none()).build())
        .limit(count)
        .toList();
  }

  private static void cancel(Engine engine, JobId id) {
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  private int triggers(String state) {
    return Integer.parseInt(
        rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = ?", state));
  }

  private double statementsPerSecond() {
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    long before = questions();
    long begun = System.nanoTime();
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    double rate = (questions() - before) / ((System.nanoTime() - begun) / 1e9);
    LOG.info("With all of it held: {} statements a second", rate);
    return rate;
  }

  private long questions() {
    return rig.query("SHOW GLOBAL STATUS LIKE 'Questions'", row -> row.getLong("Value")).get(0);
  }
}
