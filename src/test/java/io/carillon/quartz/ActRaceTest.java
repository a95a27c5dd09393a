package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Cancelled;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Acts on jobs at the moment at which they fire: whatever is answered has to be true. */
class ActRaceTest {
  private static final int JOBS = 120;
  private static final int CALLERS = 4;

  @AutoClose private final EngineRig rig = new EngineRig();
  private final List<Engine> engines = new ArrayList<>();
  private final Map<JobId, String> refused = new ConcurrentHashMap<>();

  /** Two nodes, and jobs that all fall due at one instant. */
  private List<JobId> due(Instant at) {
    engines.add(rig.start());
    engines.add(rig.start());
    List<JobId> ids = IntStream.range(0, JOBS).mapToObj(n -> Samples.newId()).toList();
    List<Job> jobs =
        ids.stream()
            .map(id -> SampleJob.noop(id, at(at)).retry(RetryPolicy.none()).build())
            .toList();
    engines.get(0).jobs().createAll(jobs, true);
    return ids;
  }

  private static Schedule at(Instant at) {
    return new Schedule.At(at, null, true, null, null, Limits.NONE);
  }

  /** Acts on every job, on both nodes, from shortly before they fall due on. */
  private void race(List<JobId> ids, Instant at, ActOnJob act) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(CALLERS);
    for (int n = 0; n < CALLERS; n++) {
      int caller = n;
      Thread thread =
          new Thread(
              () -> {
                await().pollInterval(Duration.ofMillis(1)).until(() -> !Instant.now().isBefore(at));
                for (int i = caller; i < ids.size(); i += CALLERS) {
                  Engine engine = engines.get(i % engines.size());
                  try {
                    act.on(engine, ids.get(i));
                  } catch (WrongState e) {
                    refused.put(ids.get(i), String.valueOf(e.getMessage()));
                  }
                }
                done.countDown();
              },
              "act-" + n);
      thread.setDaemon(true);
      thread.start();
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @FunctionalInterface
  private interface ActOnJob {
    void on(Engine engine, JobId id);
  }

  private Set<String> arrived() {
    return rig.target.arrivals().stream()
        .map(Firing::job)
        .map(job -> job.id().value())
        .collect(Collectors.toSet());
  }

  private void settled() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS").equals("0")
                    && engines.stream().allMatch(engine -> engine.inFlight() == 0));
  }

  @Test
  void a_cancelled_job_is_not_called_or_its_call_is_named_or_was_before() throws Exception {
    Instant at = Instant.now().plusMillis(1_500);
    List<JobId> ids = due(at);
    Map<JobId, Cancelled> answers = new ConcurrentHashMap<>();
    race(
        ids,
        at.minusMillis(100),
        (engine, id) -> answers.put(id, engine.jobs().cancel(id, OptionalLong.empty(), true)));
    settled();

    Set<String> called = arrived();
    for (JobId id : ids) {
      String state = rig.executionOf(id);
      Cancelled answer = answers.get(id);
      if (called.contains(id.value())) {
        boolean named = !answer.running().isEmpty();
        boolean before = state.equals("SUCCEEDED 1");
        assertThat(named || before).as("%s was called: %s %s", id, state, answer).isTrue();
      } else {
        assertThat(state).as("%s", id).isIn("", "CANCELLED 1");
      }
    }
  }

  @Test
  void a_paused_job_is_not_called_after_the_answer() throws Exception {
    Instant at = Instant.now().plusMillis(1_500);
    List<JobId> ids = due(at);
    Map<JobId, Integer> runningThen = new ConcurrentHashMap<>();
    race(
        ids,
        at.minusMillis(100),
        (engine, id) -> {
          engine.jobs().pause(id, null, null);
          runningThen.put(id, executions(id));
        });
    settled();
    for (JobId id : ids) {
      int executions = executions(id);
      assertThat(executions).as("%s", id).isEqualTo(runningThen.getOrDefault(id, executions));
      if (refused.containsKey(id)) {
        assertThat(executions).as("%s was over when it was to be paused", id).isEqualTo(1);
      }
    }
  }

  private int executions(JobId id) {
    return Integer.parseInt(rig.one("SELECT COUNT(*) FROM execution WHERE job_id = ?", id.value()));
  }

  @Test
  void a_changed_job_is_called_by_its_old_plan_or_its_new_one_and_never_by_both() throws Exception {
    Instant at = Instant.now().plusMillis(1_500);
    List<JobId> ids = due(at);
    Instant later = at.plus(Duration.ofHours(1));
    Map<JobId, Integer> generations = new ConcurrentHashMap<>();
    race(
        ids,
        at.minusMillis(100),
        (engine, id) -> {
          Job next = SampleJob.noop(id, at(later)).retry(RetryPolicy.none()).build();
          StoredJob changed = engine.jobs().change(id, OptionalLong.empty(), job -> next);
          generations.put(id, changed.generation());
        });
    settled();
    Set<String> called = arrived();
    for (JobId id : ids) {
      int executions = executions(id);
      assertThat(executions).as("%s", id).isEqualTo(called.contains(id.value()) ? 1 : 0);
      assertThat(rig.triggerOf(id)).as("%s goes on by its new plan", id).isEqualTo("WAITING");
    }
    assertThat(generations).hasSize(JOBS);
  }

  @Test
  void a_cancel_outlives_the_node_that_makes_the_call() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    rig.target.before(() -> Gates.pass(cut));
    Engine leaving = rig.start();
    JobId id = Samples.newId();
    leaving
        .jobs()
        .create(Samples.job(id, Samples.now(), RetryPolicy.fixed(3, Duration.ofMillis(9))));
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    leaving.runs().cancel(JobId.DEFAULT_NAMESPACE, rig.target.arrivals().get(0).id());
    rig.start();
    leaving.hold();
    leaving.drain(Duration.ofMillis(100));
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    cut.countDown();
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    assertThat(rig.target.arrivals()).hasSize(1);
  }
}
