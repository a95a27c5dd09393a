package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.LimitsRig.job;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.SampleJob;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs and executions are changed while runs of theirs are held. */
class HeldChangesTest {
  @AutoClose private final LimitsRig limits = new LimitsRig().gated();
  private Engine engine;

  /** The queue is full. */
  @BeforeEach
  void fill() {
    engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.jobs().createAll(jobs(1), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 1);
  }

  /** One that waits for a place in the queue and has its turn of a key, and one behind it. */
  private Job withOneBehind() {
    Job first = job().options(Map.of("fifoKey", "k")).build();
    engine.jobs().create(first);
    await().atMost(PATIENCE).until(() -> limits.count("held WHERE kind = 'QUEUE'") == 1);
    engine.jobs().create(job().queue("wide").options(Map.of("fifoKey", "k")).build());
    await().atMost(PATIENCE).until(() -> limits.count("held WHERE kind = 'FIFO'") == 1);
    return first;
  }

  private ExecutionId executionOf(Job job) {
    return new ExecutionId(
        limits.rig.one("SELECT id FROM execution WHERE job_id = ?", job.id().value()));
  }

  @Test
  void a_job_that_moves_to_another_queue_takes_its_held_run_along() {
    Job held = job().build();
    engine.jobs().create(held);
    await().atMost(PATIENCE).until(() -> limits.held() == 1);

    engine.jobs().put(SampleJob.like(held).queue("wide").build(), false, OptionalLong.empty());

    await().atMost(PATIENCE).until(() -> limits.running("wide") == 1);
    assertThat(limits.count("held")).isZero();
    limits.letGo(2);
    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(held.id()).equals("SUCCEEDED 1"));
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  @Test
  void a_held_execution_that_is_cancelled_gives_its_turn_away() {
    Job first = withOneBehind();

    engine.runs().cancel(JobId.DEFAULT_NAMESPACE, executionOf(first));

    assertThat(limits.rig.executionOf(first.id())).isEqualTo("CANCELLED 0");
    await().atMost(PATIENCE).until(() -> limits.running("wide") == 1);
    limits.letGo(2);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(limits.held()).isZero();
    assertThat(limits.rig.target.arrivalsOf(first.id())).isEmpty();
  }

  @Test
  void a_job_that_is_paused_before_its_turn_gives_it_away_and_gets_one_after_the_resume() {
    Job first = withOneBehind();

    engine.jobs().pause(first.id(), null, null);

    await().atMost(PATIENCE).until(() -> limits.running("wide") == 1);
    assertThat(limits.count("held")).isZero();
    engine.jobs().resume(first.id());
    limits.letGo(3);
    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(first.id()).equals("SUCCEEDED 1"));
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  @Test
  void a_job_that_is_cancelled_leaves_nothing_behind() {
    Job first = withOneBehind();

    engine.jobs().cancel(first.id(), OptionalLong.empty(), false);

    await().atMost(PATIENCE).until(() -> limits.running("wide") == 1);
    limits.letGo(2);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(limits.held()).isZero();
    assertThat(
            List.of(
                limits.rig.executionOf(first.id()), limits.rig.one("SELECT COUNT(*) FROM held")))
        .containsExactly("CANCELLED 0", "0");
  }
}
