package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Queues;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A paused queue holds all that is its own, whenever that was stored. */
class PausedQueueTest {
  private static final Duration A_WHILE = Duration.ofMillis(700);
  private static final Duration SOON = Duration.ofMillis(300);

  @AutoClose private static EngineRig rig;
  private static Engine engine;
  private static Queues queues;

  private final String queue = "q-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    rig = new EngineRig();
    engine = rig.start();
    queues = engine.queues();
  }

  private JobId create(Schedule schedule, RetryPolicy retry) {
    Job job = SampleJob.noop(newId(), schedule).queue(queue).retry(retry).build();
    return engine.jobs().create(job).id();
  }

  private JobId create(Schedule schedule) {
    return create(schedule, RetryPolicy.none());
  }

  private void pause() {
    queues.pause("default", queue, "stock-taking", null);
  }

  private void resume() {
    queues.resume("default", queue);
  }

  private static void arrives(JobId id, int times) {
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == times);
  }

  private static void staysAway(JobId id, int times) {
    await().during(A_WHILE).until(() -> rig.target.arrivalsOf(id).size() == times);
  }

  @Test
  void what_was_planned_before_and_what_is_created_later_waits_for_the_resume() {
    JobId before = create(Samples.in(SOON));
    pause();
    JobId after = create(Samples.now());

    staysAway(before, 0);
    assertThat(rig.target.arrivalsOf(after)).isEmpty();
    assertThat(rig.triggerOf(before)).isEqualTo("PAUSED");
    assertThat(rig.triggerOf(after)).isEqualTo("PAUSED");
    assertThat(rig.jobOf(before)).isEqualTo("ACTIVE");

    resume();
    arrives(before, 1);
    arrives(after, 1);
  }

  @Test
  void other_queues_go_on() {
    pause();
    JobId other = Samples.newId();
    engine.jobs().create(Samples.job(other, Samples.now(), RetryPolicy.none()));

    arrives(other, 1);
  }

  /**
   * Two nodes fire a job every few milliseconds; what was fired before the answer may still run.
   */
  @Test
  void nothing_is_fired_after_the_answer_of_the_pause() {
    rig.start();
    for (int round = 0; round < 5; round++) {
      List<Job> jobs = new ArrayList<>();
      for (int n = 0; n < 200; n++) {
        Schedule soon = Samples.in(Duration.ofMillis(400 + 4 * n));
        jobs.add(SampleJob.noop(newId(), soon).queue(queue).retry(RetryPolicy.none()).build());
      }
      engine.jobs().createAll(jobs, true);
      String before = fired();
      await().atMost(PATIENCE).until(() -> !fired().equals(before));

      pause();
      String atTheAnswer = fired();

      await().during(A_WHILE).until(() -> fired().equals(atTheAnswer));
      resume();
      String all = Integer.toString(200 * (round + 1));
      await().atMost(PATIENCE).until(() -> fired().equals(all));
      await().atMost(PATIENCE).until(() -> engine.inFlight() == 0);
    }
    assertThat(rig.target.arrivals().stream().filter(f -> f.job().queue().equals(queue)))
        .extracting(Firing::id)
        .hasSize(1_000)
        .doesNotHaveDuplicates();
  }

  private String fired() {
    return rig.one("SELECT COUNT(*) FROM execution WHERE queue = ?", queue);
  }

  @Test
  void a_retry_that_is_planted_meanwhile_waits_too() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1 && firing.job().queue().equals(queue)
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    JobId id = create(Samples.now(), RetryPolicy.fixed(2, Duration.ofMillis(400)));
    arrives(id, 1);
    pause();

    staysAway(id, 1);
    assertThat(rig.executionOf(id)).isEqualTo("RETRYING 1");

    resume();
    arrives(id, 2);
  }

  @Test
  void a_fixed_delay_that_is_armed_meanwhile_waits_too() {
    JobId id = create(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE));
    CountDownLatch paused = new CountDownLatch(1);
    rig.target.before(() -> awaitQuietly(paused));
    arrives(id, 1);
    pause();
    paused.countDown();

    await().atMost(PATIENCE).until(() -> rig.triggerOf(id).equals("PAUSED"));
    staysAway(id, 1);
    resume();
    arrives(id, 2);
    engine.jobs().cancel(id, OptionalLong.empty(), false);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_run_by_hand_waits_too() {
    JobId id = create(Samples.in(Duration.ofHours(1)));
    pause();
    engine.jobs().run(id, "key", Map.of());

    staysAway(id, 0);
    resume();
    arrives(id, 1);
  }

  @Test
  void a_job_that_is_resumed_by_itself_waits_for_its_queue() {
    JobId id = create(Samples.in(SOON));
    engine.jobs().pause(id, null, null);
    pause();
    engine.jobs().resume(id);

    staysAway(id, 0);
    resume();
    arrives(id, 1);
  }

  @Test
  void a_job_that_is_paused_by_itself_stays_so_when_its_queue_is_resumed() {
    JobId before = create(Samples.in(SOON));
    JobId held = create(Samples.in(SOON));
    JobId free = create(Samples.in(SOON));
    engine.jobs().pause(before, null, null);
    pause();
    staysAway(free, 0);
    engine.jobs().pause(held, null, null);

    resume();

    arrives(free, 1);
    staysAway(held, 0);
    assertThat(rig.target.arrivalsOf(before)).isEmpty();
    engine.jobs().resume(before);
    engine.jobs().resume(held);
    arrives(before, 1);
    arrives(held, 1);
  }

  @Test
  void a_pause_ends_by_itself_when_its_time_has_come() {
    JobId id = create(Samples.in(SOON));
    queues.pause("default", queue, null, Instant.now().plusMillis(900));
    engine.tendQueues();
    staysAway(id, 0);

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.tendQueues();
              return rig.target.arrivalsOf(id).size() == 1;
            });
    assertThat(queues.find("default", queue).orElseThrow().queue().paused()).isFalse();
  }

  @Test
  void what_a_node_left_behind_in_a_resume_is_let_go_by_any() {
    JobId id = create(Samples.in(SOON));
    pause();
    await().atMost(PATIENCE).until(() -> rig.triggerOf(id).equals("PAUSED"));
    rig.update(
        """
        UPDATE queue SET paused = FALSE, pause_reason = NULL, last_pause_to = ?, releasing = TRUE
        WHERE name = ?
        """,
        System.currentTimeMillis(),
        queue);

    engine.tendQueues();

    arrives(id, 1);
    assertThat(rig.one("SELECT releasing FROM queue WHERE name = ?", queue)).isEqualTo("0");
  }

  @Test
  void quartzs_own_list_of_paused_groups_says_the_same() {
    String listed = "SELECT COUNT(*) FROM QRTZ_PAUSED_TRIGGER_GRPS WHERE TRIGGER_GROUP = ?";
    pause();
    assertThat(rig.one(listed, queue)).isEqualTo("1");
    resume();
    assertThat(rig.one(listed, queue)).isEqualTo("0");
  }

  @Test
  void the_row_says_since_when_and_how_long_a_queue_was_paused() {
    Instant before = Instant.now();
    pause();
    pause();
    var paused = queues.find("default", queue).orElseThrow().queue();
    assertThat(paused.lastPauseFrom()).isBetween(before.minusSeconds(1), Instant.now());
    assertThat(paused.lastPauseTo()).isNull();

    resume();

    var resumed = queues.find("default", queue).orElseThrow().queue();
    assertThat(resumed.lastPauseFrom()).isEqualTo(paused.lastPauseFrom());
    assertThat(resumed.lastPauseTo()).isBetween(before.minusSeconds(1), Instant.now());
    assertThat(resumed.version()).isEqualTo(3);
  }

  @Test
  void a_queue_counts_what_is_in_it() {
    create(Samples.in(Duration.ofHours(1)));
    JobId held = create(Samples.in(SOON));
    pause();
    await().atMost(PATIENCE).until(() -> rig.triggerOf(held).equals("PAUSED"));

    assertThat(queues.find("default", queue).orElseThrow().figures())
        .isEqualTo(new Queues.Figures(1, 1, 0, 0));
    assertThat(queues.list("default")).extracting(s -> s.queue().name()).contains(queue);
    assertThat(queues.find("default", "none-" + queue)).isEmpty();
  }
}
