package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.job;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.QueueSettings;
import io.carillon.job.QueueSettings.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** So many starts in a span of time, over all nodes. */
class RatesTest {
  private static final int WARM_UP = 30;

  @AutoClose private final LimitsRig limits = new LimitsRig().calls(Duration.ofMillis(1));

  private static QueueSettings rate(int permits, int burst) {
    return new QueueSettings(null, new Rate(permits, Duration.ofSeconds(1), burst), null);
  }

  @Test
  void two_nodes_together_start_no_more_of_a_queue_than_its_rate() {
    Engine one = limits.rig.start();
    limits.rig.start();
    limits.set(one, rate(50, 1));
    // A JVM that has let nothing go yet takes a while for the first, and some come with it.
    one.jobs().createAll(jobs(WARM_UP), true);
    await().atMost(PATIENCE).until(() -> limits.times().size() == WARM_UP);

    one.jobs().createAll(jobs(100), true);

    int all = WARM_UP + 100;
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> limits.times().size() == all);
    List<Long> times = limits.times().stream().sorted().skip(WARM_UP).toList();
    assertThat(mostWithin(times, 500)).isBetween(20, 31);
    // The first may be late by what its transaction takes.
    assertThat(times.get(99) - times.get(0)).isGreaterThan(1_850);
  }

  @Test
  void a_burst_goes_at_once_after_a_rest() {
    Engine engine = limits.rig.start();
    limits.set(engine, rate(2, 10));

    engine.jobs().createAll(jobs(12), true);

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) >= 10);
    List<Long> times = limits.times().stream().sorted().toList();
    assertThat(times.get(9) - times.get(0)).isLessThan(450);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 12);
    assertThat(limits.times().get(11) - limits.times().get(0)).isGreaterThan(700);
  }

  @Test
  void of_a_throttled_key_one_starts_in_each_span() {
    Engine engine = limits.rig.start();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      jobs.add(
          job()
              .queue("wide" + n)
              .options(Map.of("throttle", Map.of("key", "k", "per", "PT0.6S")))
              .build());
    }

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> limits.rig.target.arrivals().size() == 1);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                limits
                    .rig
                    .one("SELECT COUNT(*) FROM execution WHERE reason = 'RATE_LIMITED'")
                    .equals("2"));
    await().atMost(PATIENCE).until(() -> limits.rig.target.arrivals().size() == 3);
    List<Long> times = limits.times();
    assertThat(times.get(1) - times.get(0)).isGreaterThan(550);
    assertThat(times.get(2) - times.get(1)).isGreaterThan(550);
  }

  private static int mostWithin(List<Long> times, long millis) {
    int most = 0;
    for (int from = 0; from < times.size(); from++) {
      int to = from;
      while (to < times.size() && times.get(to) < times.get(from) + millis) {
        to++;
      }
      most = Math.max(most, to - from);
    }
    return most;
  }
}
