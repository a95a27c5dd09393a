package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.StoredQueue;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of planned instants that fall into the pause of a queue. */
class PausedInstantsTest {
  private static final String SKIPPED =
      "SELECT COALESCE(SUM(COALESCE(span_count, 1)), 0) FROM execution WHERE job_id = ? AND state = 'SKIPPED' AND reason = 'PAUSED'";

  @AutoClose private final EngineRig rig = new EngineRig();

  @Test
  void they_are_skipped_as_paused_and_do_not_burst() {
    Engine engine = rig.start();
    Schedule everySecond = new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
    Job job = SampleJob.noop(newId(), everySecond).queue("mail").retry(RetryPolicy.none()).build();
    engine.jobs().create(job);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    engine.queues().pause("default", "mail", null, null);
    int before = rig.target.arrivals().size();
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);

    engine.queues().resume("default", "mail");

    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() >= before + 2);
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);
    StoredQueue queue = engine.queues().find("default", "mail").orElseThrow().queue();
    assertThat(rig.target.arrivals())
        .extracting(Firing::scheduledAt)
        .noneMatch(at -> !at.isBefore(queue.lastPauseFrom()) && at.isBefore(queue.lastPauseTo()))
        .doesNotHaveDuplicates();
    assertThat(Integer.parseInt(rig.one(SKIPPED, job.id().value()))).isBetween(2, 4);
  }
}
