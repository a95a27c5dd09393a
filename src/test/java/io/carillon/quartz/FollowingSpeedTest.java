package io.carillon.quartz;

import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class FollowingSpeedTest {
  private static final Logger LOG = LoggerFactory.getLogger(FollowingSpeedTest.class);
  @AutoClose private final FollowingRig rig = new FollowingRig();

  @Test
  void speed() {
    Engine engine = rig.start();
    for (int round = 0; round < 3; round++) {
      drain(engine, "plain" + round, 3000, Map.of(), 1);
      drain(engine, "cb" + round, 3000, Map.of("callback", Map.of("url", "https://x.example/")), 2);
    }
  }

  private void drain(Engine engine, String name, int size, Map<String, Object> fields, int calls) {
    rig.engines.target.arrivals().clear();
    Schedule soon =
        new Schedule.At(Instant.now().plusSeconds(3), null, true, null, null, Limits.NONE);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      jobs.add(SampleJob.noop(JobId.of(name + "-" + i), soon).later(fields).build());
    }
    engine.jobs().createAll(jobs, false);
    await().atMost(Duration.ofSeconds(60)).until(() -> rig.engines.target.arrivals().size() > 0);
    long begun = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> rig.engines.target.arrivals().size() >= size * calls);
    double seconds = (System.nanoTime() - begun) / 1e9;
    LOG.info("SPEED {} {} calls in {} s: {} /s", name, size * calls, seconds, size * calls / seconds);
  }
}
