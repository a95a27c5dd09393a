package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a limit held until it was later than its job may be is not run. */
class ExpiredHeldTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  @AutoClose private final LimitsRig limits = new LimitsRig();
  private Engine engine;

  /** A queue that has room for one, and one in it. */
  private void occupied() {
    limits.gated();
    engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.jobs().create(LimitsRig.job().build());
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 1);
  }

  private List<JobId> held(int count, Schedule schedule) {
    List<JobId> ids = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      JobId id = Samples.newId();
      engine.jobs().create(SampleJob.noop(id, schedule).queue(QUEUE).expiresAfter(SHORT).build());
      ids.add(id);
    }
    await().atMost(PATIENCE).until(() -> limits.held() == count);
    return ids;
  }

  private static void expire() {
    Instant late = Instant.now().plus(SHORT).plusMillis(200);
    await().until(() -> Instant.now().isAfter(late));
  }

  private String of(JobId id) {
    return limits.rig.one(
        "SELECT CONCAT(state, ' ', reason, ' ', attempt) FROM execution WHERE job_id = ?"
            + " ORDER BY id LIMIT 1",
        id.value());
  }

  @Test
  void it_is_skipped_when_it_would_go_and_those_behind_it_go() {
    occupied();
    List<JobId> waiting = held(20, Samples.now());
    expire();
    JobId behind = Samples.newId();
    engine.jobs().create(SampleJob.noop(behind, Samples.now()).queue(QUEUE).build());
    limits.letGo(2);

    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(behind).equals("SUCCEEDED 1"));
    assertThat(waiting).allMatch(id -> of(id).equals("SKIPPED EXPIRED 0"));
    assertThat(waiting).allMatch(id -> limits.rig.jobOf(id).equals("COMPLETED"));
    assertThat(limits.arrivals(QUEUE)).isEqualTo(2);
    assertThat(limits.count("held")).isZero();
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(limits.count("QRTZ_TRIGGERS")).isZero();
  }

  @Test
  void a_run_by_hand_does_not_expire() {
    occupied();
    JobId id = Samples.newId();
    engine
        .jobs()
        .create(
            SampleJob.noop(id, Samples.in(Duration.ofHours(1)))
                .queue(QUEUE)
                .expiresAfter(SHORT)
                .build());
    engine.jobs().run(id, "by hand", Map.of());
    await().atMost(PATIENCE).until(() -> limits.held() == 1);
    expire();
    limits.letGo(2);

    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(id).equals("SUCCEEDED 1"));
  }

  @Test
  void a_fixed_delay_counts_from_there() {
    occupied();
    Limits two = new Limits(null, null, 2, Duration.ZERO, List.of());
    JobId id = held(1, new Schedule.FixedDelay(Duration.ofSeconds(1), two)).get(0);
    expire();
    limits.letGo(2);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                limits
                    .rig
                    .one("SELECT COUNT(*) FROM execution WHERE job_id = ?", id.value())
                    .equals("2"));
    assertThat(of(id)).isEqualTo("SKIPPED EXPIRED 0");
    await().atMost(PATIENCE).until(() -> limits.rig.target.arrivalsOf(id).size() == 1);
  }

  @Test
  void a_run_that_waited_for_it_expires_with_it() {
    occupied();
    JobId id = Samples.newId();
    Limits two = new Limits(null, null, 2, Duration.ZERO, List.of());
    engine
        .jobs()
        .create(
            SampleJob.noop(id, new Schedule.FixedRate(Duration.ofSeconds(1), two))
                .overlap(Overlap.QUEUE_ALL)
                .queue(QUEUE)
                .expiresAfter(Duration.ofSeconds(2))
                .build());
    String queued = "SELECT COUNT(*) FROM execution WHERE job_id = ? AND state = 'QUEUED'";
    await().atMost(PATIENCE).until(() -> limits.rig.one(queued, id.value()).equals("2"));
    Instant late = Instant.now().plusMillis(2_300);
    await().until(() -> Instant.now().isAfter(late));
    limits.letGo(1);

    await().atMost(PATIENCE).until(() -> limits.rig.jobOf(id).equals("COMPLETED"));
    String skipped = "SELECT COUNT(*) FROM execution WHERE job_id = ? AND reason = 'EXPIRED'";
    assertThat(limits.rig.one(skipped, id.value())).isEqualTo("2");
    assertThat(limits.rig.target.arrivalsOf(id)).isEmpty();
  }
}
