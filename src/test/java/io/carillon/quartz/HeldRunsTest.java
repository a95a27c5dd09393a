package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Nothing that is held waits for ever: what is in its way moves, or is gone round. */
class HeldRunsTest {
  private static final int LATE = 1_500;

  @AutoClose private final LimitsRig limits = new LimitsRig();

  private static Job ofKey(JobId id, Instant at, RetryPolicy retry) {
    Schedule schedule = new Schedule.At(at, null, true, null, null, Limits.NONE);
    return SampleJob.noop(id, schedule).retry(retry).options(Map.of("fifoKey", "k")).build();
  }

  private List<JobId> order() {
    return limits.rig.target.arrivals().stream().map(firing -> firing.job().id()).toList();
  }

  @Test
  void a_retry_keeps_its_turn_though_something_older_has_come_meanwhile() {
    limits.rig.target.answers(
        firing ->
            firing.job().id().value().equals("first") && firing.attempt() == 1
                ? new Outcome.Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Engine engine = limits.rig.start();
    JobId first = JobId.of("first");
    JobId older = JobId.of("older");
    RetryPolicy retry = RetryPolicy.fixed(2, Duration.ofSeconds(2));
    engine.jobs().create(ofKey(first, Instant.now(), retry));
    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(first).equals("RETRYING 1"));

    engine.jobs().create(ofKey(older, Instant.now().minusSeconds(60), RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(first).equals("SUCCEEDED 2"));
    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(older).equals("SUCCEEDED 1"));
    assertThat(order()).containsExactly(first, first, older);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  @Test
  void those_of_a_key_that_are_due_at_once_go_in_the_order_of_their_ids() {
    Engine engine = limits.rig.start();
    limits.rig.start();
    Instant at = Instant.now().plusMillis(1_500);
    List<Job> jobs = new ArrayList<>();
    List<JobId> ids = new ArrayList<>();
    for (int n = 0; n < 30; n++) {
      ids.add(JobId.of("job-%03d".formatted(n)));
      jobs.add(ofKey(ids.get(n), at, RetryPolicy.none()));
    }
    Collections.reverse(jobs);

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE.multipliedBy(2)).until(() -> order().size() == 30);
    assertThat(order()).isEqualTo(ids);
  }

  @Test
  void a_key_goes_on_though_something_else_that_is_due_cannot_be_fired() {
    JobId broken = JobId.of("broken");
    limits.rig.target.answers(
        firing ->
            firing.job().id().equals(broken)
                ? new Outcome.Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Engine engine = limits.rig.start();
    engine
        .jobs()
        .create(
            SampleJob.noop(broken, Samples.now())
                .retry(RetryPolicy.fixed(3, Duration.ofSeconds(1)))
                .build());
    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(broken).equals("RETRYING 1"));
    limits.rig.update("UPDATE execution SET state = 'NONSENSE'");
    await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    JobId behind = JobId.of("behind");

    engine.jobs().create(ofKey(behind, Instant.now(), RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> limits.rig.executionOf(behind).equals("SUCCEEDED 1"));
  }

  @Test
  void a_held_run_that_cannot_be_let_go_keeps_no_other_from_going() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.jobs().createAll(jobs(5), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 1 && limits.held() == 4);
    limits.rig.update(
        """
        UPDATE execution SET state = 'NONSENSE'
        WHERE id = (SELECT execution_id FROM held ORDER BY class, due_at, job_id LIMIT 1)
        """);

    limits.letGo(10);

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 4);
    assertThat(limits.held()).isEqualTo(1);
  }

  @Test
  void what_is_held_goes_on_beside_a_backlog() {
    Engine engine = limits.rig.start(10);
    limits.set(engine, cap(1));
    List<Job> late = new ArrayList<>();
    for (int n = 0; n < LATE; n++) {
      late.add(
          SampleJob.noop(Samples.newId(), Samples.in(Duration.ofHours(1)))
              .retry(RetryPolicy.none())
              .build());
    }
    for (int from = 0; from < LATE; from += 500) {
      engine.jobs().createAll(late.subList(from, from + 500), true);
    }
    limits.rig.update(
        "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?, START_TIME = NEXT_FIRE_TIME",
        System.currentTimeMillis() - 60_000);
    engine.jobs().createAll(jobs(40), true);

    await()
        .atMost(PATIENCE.multipliedBy(3))
        .until(() -> limits.rig.target.arrivals().size() == LATE + 40);
    List<String> queues =
        limits.rig.target.arrivals().stream().map(Firing::job).map(Job::queue).toList();
    assertThat(queues.lastIndexOf(QUEUE)).isLessThan(LATE - 100);
    assertThat(limits.most(QUEUE)).isEqualTo(1);
  }
}
