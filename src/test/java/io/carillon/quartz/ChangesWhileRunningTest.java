package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job is paused, moved, changed, cancelled or put again while one of its attempts runs. */
class ChangesWhileRunningTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private final JobId id = JobId.of(UUID.randomUUID().toString());
  private final CountDownLatch gate = new CountDownLatch(1);
  private EngineRig rig;
  private Engine engine;

  /** The first attempt waits at the gate and then fails; all others succeed. */
  @BeforeEach
  void open() {
    rig = new EngineRig();
    rig.target.answers(
        firing -> {
          if (rig.target.arrivals().size() > 1) {
            return new Outcome.Succeeded(200, null);
          }
          Gates.pass(gate);
          return new Failed("HTTP_503", "busy", 503, null, null);
        });
    engine = rig.start();
  }

  @AfterEach
  void close() {
    gate.countDown();
    rig.close();
  }

  @Test
  void a_retry_of_a_paused_job_waits_for_the_resume() {
    begin(Samples.now());
    engine.jobs().pause(id, null, null);
    gate.countDown();

    await().atMost(PATIENCE).until(() -> executions().equals(List.of("RETRYING 1")));
    await().during(Duration.ofMillis(700)).until(() -> calls() == 1);
    engine.jobs().resume(id);

    await().atMost(PATIENCE).until(() -> executions().equals(List.of("SUCCEEDED 2")));
    await().atMost(PATIENCE).until(() -> state().equals("COMPLETED"));
  }

  @Test
  void a_cancelled_job_is_not_retried() {
    begin(Samples.now());
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    gate.countDown();

    await().atMost(PATIENCE).until(() -> executions().equals(List.of("CANCELLED 1")));
    await().during(Duration.ofMillis(500)).until(() -> calls() == 1);
    assertNothingIsLeft();
  }

  @Test
  void a_job_put_again_after_its_cancellation_runs_beside_the_old_attempt() {
    begin(Samples.now());
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    engine.jobs().put(job(Samples.now(), "default"), false, OptionalLong.empty());

    await().atMost(PATIENCE).until(() -> executions().contains("SUCCEEDED 1"));
    gate.countDown();

    await().atMost(PATIENCE).until(() -> executions().stream().noneMatch("RUNNING 1"::equals));
    await().atMost(PATIENCE).until(() -> state().equals("COMPLETED"));
    assertThat(executions()).hasSize(2);
    assertNothingIsLeft();
  }

  @Test
  void a_retry_follows_its_job_to_another_queue() {
    begin(Samples.now());
    gate.countDown();
    await().atMost(PATIENCE).until(() -> executions().equals(List.of("RETRYING 1")));
    change(Samples.now(), "another");

    await().atMost(PATIENCE).until(() -> executions().contains("SUCCEEDED 2"));
    await().atMost(PATIENCE).until(() -> state().equals("COMPLETED"));
    assertThat(executions()).hasSize(1);
    assertNothingIsLeft();
  }

  @Test
  void a_new_schedule_during_a_run_of_a_fixed_delay_leaves_one_chain() {
    begin(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE));
    change(new Schedule.FixedDelay(Duration.ofSeconds(2), Limits.NONE), "default");
    gate.countDown();
    String byHand = engine.jobs().run(id, UUID.randomUUID().toString(), Map.of());

    await().atMost(PATIENCE).until(() -> calls() >= 5);
    assertThat(
            rig.one(
                "SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ? AND TRIGGER_NAME = JOB_NAME",
                id.value()))
        .isIn("0", "1");
    List<Instant> planned =
        rig.query(
            "SELECT scheduled_at FROM execution WHERE job_id = ? AND generation = 2 AND id <> ?"
                + " ORDER BY scheduled_at",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            id.value(),
            byHand);
    for (int n = 1; n < planned.size(); n++) {
      assertThat(Duration.between(planned.get(n - 1), planned.get(n)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }
  }

  @Test
  void a_fixed_delay_moved_to_another_queue_while_it_retries_goes_on_there() {
    begin(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE));
    change(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE), "another");
    engine.jobs().pause(id, null, null);
    gate.countDown();
    await().atMost(PATIENCE).until(() -> executions().equals(List.of("RETRYING 1")));
    engine.jobs().resume(id);

    await().atMost(PATIENCE).until(() -> calls() >= 4);
    assertThat(executions().subList(0, 1)).containsExactly("SUCCEEDED 2");
    assertThat(state()).isEqualTo("ACTIVE");
  }

  @Test
  void a_fixed_delay_with_a_last_run_ends_after_its_retries() {
    begin(
        new Schedule.FixedDelay(
            Duration.ofSeconds(1), new Limits(null, null, 2, Duration.ZERO, List.of())));
    gate.countDown();

    await().atMost(PATIENCE).until(() -> state().equals("COMPLETED"));
    assertThat(executions()).containsExactly("SUCCEEDED 2", "SUCCEEDED 1");
    assertNothingIsLeft();
  }

  @Test
  void a_job_resumed_after_its_end_is_over() {
    gate.countDown();
    Instant end = Instant.now().plusMillis(1_500);
    Limits limits = new Limits(null, end, null, Duration.ZERO, List.of());
    engine.jobs().create(job(new Schedule.FixedRate(Duration.ofSeconds(1), limits), "default"));
    engine.jobs().pause(id, null, null);
    await().atMost(PATIENCE).until(() -> Instant.now().isAfter(end.plusMillis(500)));

    assertThat(engine.jobs().resume(id).nextFireTime()).isNull();
    await().atMost(PATIENCE).until(() -> state().equals("COMPLETED"));
    assertThat(executions()).allMatch(execution -> execution.startsWith("SKIPPED"));
    assertNothingIsLeft();
  }

  private void begin(Schedule schedule) {
    engine.jobs().create(job(schedule, "default"));
    await().atMost(PATIENCE).until(() -> calls() == 1);
  }

  private void change(Schedule schedule, String queue) {
    engine.jobs().change(id, OptionalLong.empty(), old -> job(schedule, queue));
  }

  private void assertNothingIsLeft() {
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS")).isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS")).isEqualTo("0");
  }

  private int calls() {
    return rig.target.arrivals().size();
  }

  private String state() {
    return rig.one("SELECT state FROM job WHERE id = ?", id.value());
  }

  private List<String> executions() {
    return rig.query(
        "SELECT CONCAT(state, ' ', attempt) FROM execution WHERE job_id = ? ORDER BY id",
        row -> row.getString(1),
        id.value());
  }

  private Job job(Schedule schedule, String queue) {
    return SampleJob.noop(id, schedule)
        .queue(queue)
        .retry(RetryPolicy.fixed(3, Duration.ofMillis(300)))
        .build();
  }
}
