package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that come due one after the other: they share transactions, though none waits long. */
class SteadyFlowTest {
  private static final int JOBS = 600;
  private static final int APART_MILLIS = 2;

  /** From one transaction that fires to the next. */
  private static final long PACE_MILLIS = 40;

  /** What any of several nodes fires has waited for so long at least. */
  private static final long OLDEST_MILLIS = 30;

  /** Statements at the least. */
  private static final int FIRING_COSTS = 10;

  private final CountedStatements counted = new CountedStatements();
  @AutoClose private final EngineRig rig = new EngineRig();

  @BeforeEach
  void count() {
    rig.pool = counted::over;
    rig.threads = 300;
  }

  @Test
  void what_comes_due_within_some_milliseconds_is_fired_and_completed_together() {
    Engine engine = rig.start();
    flow(engine); // the JVM warms up

    Flow flow = flow(engine);

    int most = (int) (flow.tookMillis() / PACE_MILLIS) + 5;
    assertThat(flow.fired()).isBetween(3, most);
    assertThat(flow.completed()).isBetween(3, most * 3 / 2);
  }

  @Test
  void nodes_do_not_fire_the_more_often_the_more_of_them_there_are() {
    Engine engine = rig.start();
    rig.start();
    rig.start();
    flow(engine);

    Flow flow = flow(engine);

    int most = (int) (flow.tookMillis() / OLDEST_MILLIS) + 5;
    assertThat(flow.fired()).isBetween(3, most);
    assertThat(flow.vain()).isLessThanOrEqualTo(most);
  }

  /**
   * How jobs came to be run.
   *
   * @param tookMillis from when the first was due to the begin of the last
   * @param fired transactions that fired them
   * @param vain transactions that left what they found to others
   * @param completed transactions that completed them
   */
  private record Flow(long tookMillis, int fired, int vain, int completed) {}

  private Flow flow(Engine engine) {
    Instant begin = Instant.now().plusSeconds(2);
    List<Job> jobs =
        IntStream.range(0, JOBS)
            .mapToObj(n -> dueAt(begin.plusMillis((long) n * APART_MILLIS)))
            .toList();
    engine.jobs().createAll(jobs, true);
    counted.forget();
    String ended =
        "SELECT COUNT(*) FROM execution WHERE state = 'SUCCEEDED' AND scheduled_at >= "
            + begin.toEpochMilli();
    await().atMost(PATIENCE).until(() -> rig.one(ended).equals(Integer.toString(JOBS)));
    String took =
        "SELECT MAX(started_at) - MIN(scheduled_at) FROM execution WHERE scheduled_at >= "
            + begin.toEpochMilli();
    List<Long> tries = counted.transactionsOf("QuartzSchedulerThread");
    int vain = (int) tries.stream().filter(cost -> cost < FIRING_COSTS).count();
    return new Flow(
        Long.parseLong(rig.one(took)),
        tries.size() - vain,
        vain,
        counted.transactionsOf("carillon-completions").size());
  }

  private static Job dueAt(Instant instant) {
    return SampleJob.noop(
            Samples.newId(), new Schedule.At(instant, null, true, null, null, Limits.NONE))
        .build();
  }
}
