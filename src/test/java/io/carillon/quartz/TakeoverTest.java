package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Reasons;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What happens to executions whose node is gone, was taken for gone, or gives them up. */
class TakeoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  @AutoClose private final EngineRig rig = new EngineRig();

  @Test
  void a_late_answer_of_a_node_that_was_taken_for_dead_is_kept_and_decides_nothing()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    rig.target.answers(
        firing -> {
          if (firing.attempt() == 1) {
            Gates.pass(release);
            return Outcome.Failed.of("HTTP_500", "the late answer");
          }
          return new Outcome.Succeeded(200, null);
        });
    Engine slow = rig.start();
    JobId id = create(slow, 1).get(0);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    String before = slow.lease().instanceName();

    rig.start();
    // Another node judges by this row; taking it away is what a takeover begins with.
    rig.update("UPDATE node SET renewed_at = renewed_at - 3600000 WHERE instance_name = ?", before);
    rig.update("DELETE FROM node WHERE instance_name = ?", before);

    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 2);
    await().atMost(PATIENCE).until(() -> executionState(id).startsWith("SUCCEEDED"));
    release.countDown();

    Firing first = rig.target.arrivals().get(0);
    Firing second = rig.target.arrivals().get(1);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.counted()).isEqualTo(1);
    assertThat(second.recovered()).isTrue();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        "SELECT error FROM attempt WHERE execution_id = ? AND n = 1",
                        first.id().value())
                    .contains("the late answer"));
    assertThat(executionState(id)).isEqualTo("SUCCEEDED 2");
    await().atMost(PATIENCE).until(() -> !slow.lease().instanceName().equals(before));
  }

  /** Holds first attempts before they are sent. @return lets them go on */
  private CountDownLatch heldWhileConnecting(CountDownLatch begun) {
    CountDownLatch release = new CountDownLatch(1);
    rig.target.connecting(
        firing -> {
          if (firing.attempt() == 1) {
            begun.countDown();
            Gates.pass(release);
          }
        });
    return release;
  }

  @Test
  void a_call_whose_node_loses_its_lease_while_connecting_is_not_sent_but_made_again() {
    CountDownLatch connecting = new CountDownLatch(1);
    CountDownLatch release = heldWhileConnecting(connecting);
    Engine engine = rig.start();
    String before = engine.lease().instanceName();
    JobId id = create(engine, 1).get(0);
    Gates.pass(connecting);

    rig.update("DELETE FROM node WHERE instance_name = ?", before);
    await().atMost(PATIENCE).until(() -> !engine.lease().instanceName().equals(before));
    release.countDown();

    await().atMost(PATIENCE).until(() -> executionState(id).equals("SUCCEEDED 2"));
    await().atMost(PATIENCE).until(() -> engine.inFlight() == 0);
    Firing only = rig.target.arrivalsOf(id).get(0);
    assertThat(rig.target.arrivalsOf(id)).hasSize(1);
    assertThat(only.attempt()).isEqualTo(2);
    assertThat(only.counted()).isEqualTo(1);
    assertThat(rig.one("SELECT COUNT(*) FROM attempt WHERE reason = ?", Reasons.STALE))
        .isEqualTo("0");
  }

  @Test
  void a_call_that_still_connects_when_its_node_hands_over_is_not_sent() throws Exception {
    CountDownLatch connecting = new CountDownLatch(1);
    CountDownLatch release = heldWhileConnecting(connecting);
    Engine leaving = rig.start();
    JobId id = create(leaving, 1).get(0);
    Gates.pass(connecting);
    rig.start();

    leaving.hold();
    assertThat(leaving.drain(Duration.ofMillis(100))).isEqualTo(1);
    await().atMost(PATIENCE).until(() -> executionState(id).equals("SUCCEEDED 2"));
    release.countDown();

    await().atMost(PATIENCE).until(() -> leaving.inFlight() == 0);
    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::attempt).containsExactly(2);
  }

  @Test
  void a_fired_row_of_an_unknown_node_is_taken_over() {
    JobId id = plantLost("ghost-node.7");

    Engine engine = rig.start();

    await().atMost(PATIENCE).until(() -> executionState(id).equals("SUCCEEDED 2"));
    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::recovered).containsExactly(true);
    assertThat(engine.inFlight()).isZero();
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("0");
  }

  @Test
  void a_fired_row_that_a_living_node_knows_nothing_of_is_removed() {
    Engine engine = rig.start();
    rig.update(
        "INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,"
            + " INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE)"
            + " VALUES ('carillon', 'nobody-1', 't', 'default', ?, 1, 1, 5, 'ACQUIRED')",
        engine.lease().instanceName());

    await()
        .atMost(PATIENCE)
        .until(() -> rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS").equals("0"));
  }

  /** Its lease has not ended, but whoever takes its place knows better. */
  @Test
  void a_successor_takes_over_at_once_what_its_predecessor_was_running() {
    JobId id = plantLost("past.1");
    rig.update(
        "INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at, lease_ms)"
            + " VALUES ('past.1', 'past', 1, 'ACTIVE', 0, 0, 60000)");
    rig.succession = nodeId -> Set.of("past", "long-gone");

    rig.start();

    await().atMost(Duration.ofSeconds(3)).until(() -> executionState(id).equals("SUCCEEDED 2"));
    assertThat(rig.one("SELECT COUNT(*) FROM node WHERE node_id = 'past'")).isEqualTo("0");
  }

  @Test
  void an_execution_that_ran_at_three_deaths_is_not_tried_again() {
    JobId id = plantLost("ghost-node.7");
    rig.update(
        "UPDATE execution SET deaths = 2, uncounted = 2, attempt = 3 WHERE job_id = ?", id.value());

    rig.start();

    await().atMost(PATIENCE).until(() -> executionState(id).equals("FAILED 3"));
    assertThat(rig.one("SELECT reason FROM execution WHERE job_id = ?", id.value()))
        .isEqualTo(Reasons.POISON);
    assertThat(rig.target.arrivalsOf(id)).isEmpty();
    assertThat(rig.one("SELECT state FROM job WHERE id = ?", id.value())).isEqualTo("COMPLETED");
    await().atMost(PATIENCE).until(() -> rig.quarantined() == 1);
  }

  @Test
  void what_still_runs_at_the_end_of_a_drain_runs_elsewhere_at_once_and_costs_no_attempt()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    rig.target.answers(
        firing -> {
          if (firing.attempt() == 1) {
            Gates.pass(release);
          }
          return new Outcome.Succeeded(200, null);
        });
    Engine leaving = rig.start();
    List<JobId> ids = create(leaving, 5);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 5);
    rig.start();

    leaving.hold();
    long begun = System.nanoTime();
    assertThat(leaving.drain(Duration.ofMillis(300))).isEqualTo(5);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 10);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    for (JobId id : ids) {
      await().atMost(PATIENCE).until(() -> executionState(id).equals("SUCCEEDED 2"));
    }
    assertThat(rig.target.arrivals().subList(5, 10)).extracting(Firing::counted).containsOnly(1);
    release.countDown();
  }

  @Test
  void three_nodes_race_for_due_jobs_and_each_is_called_once() {
    Engine first = rig.start(20);
    rig.start(20);
    rig.start(20);

    List<JobId> ids = create(first, 1000);

    await().atMost(Duration.ofSeconds(60)).until(() -> rig.target.arrivals().size() >= 1000);
    await()
        .atMost(PATIENCE)
        .until(() -> rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS").equals("0"));
    Map<JobId, Long> calls =
        rig.target.arrivals().stream()
            .collect(Collectors.groupingBy(firing -> firing.job().id(), Collectors.counting()));
    assertThat(calls).hasSize(ids.size());
    assertThat(calls.values()).containsOnly(1L);
    assertThat(rig.one("SELECT COUNT(*) FROM execution WHERE state = 'SUCCEEDED'"))
        .isEqualTo("1000");
    assertThat(rig.one("SELECT COUNT(*) FROM job WHERE state = 'COMPLETED'")).isEqualTo("1000");
  }

  @Test
  void an_instant_that_has_its_row_already_is_not_fired_again() {
    Engine engine = rig.start();
    JobId id = create(engine, 1).get(0);
    await().atMost(PATIENCE).until(() -> executionState(id).equals("SUCCEEDED 1"));
    long instant = rig.target.arrivalsOf(id).get(0).scheduledAt().toEpochMilli();
    rig.update(
        "INSERT INTO QRTZ_JOB_DETAILS (SCHED_NAME, JOB_NAME, JOB_GROUP, JOB_CLASS_NAME, IS_DURABLE,"
            + " IS_NONCONCURRENT, IS_UPDATE_DATA, REQUESTS_RECOVERY) VALUES ('carillon', ?, 'default',"
            + " 'io.carillon.quartz.FiringJob', '0', '0', '0', '1')",
        id.value());
    rig.update(
        "INSERT INTO QRTZ_TRIGGERS (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP, JOB_NAME, JOB_GROUP,"
            + " NEXT_FIRE_TIME, PREV_FIRE_TIME, PRIORITY, TRIGGER_STATE, TRIGGER_TYPE, START_TIME,"
            + " END_TIME, MISFIRE_INSTR) VALUES ('carillon', ?, 'default', ?, 'default', ?, -1, 5,"
            + " 'ACQUIRED', 'SIMPLE', ?, 0, -1)",
        id.value(),
        id.value(),
        instant,
        instant);
    rig.update(
        "INSERT INTO QRTZ_SIMPLE_TRIGGERS VALUES ('carillon', ?, 'default', 0, 0, 0)", id.value());
    rig.update(
        "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'WAITING' WHERE TRIGGER_NAME = ?", id.value());

    await().atMost(PATIENCE).until(() -> rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS").equals("0"));
    assertThat(rig.target.arrivalsOf(id)).hasSize(1);
    assertThat(executionState(id)).isEqualTo("SUCCEEDED 1");
  }

  /** A job that a node was running when it vanished without a trace of itself. */
  private JobId plantLost(String node) {
    CountDownLatch never = new CountDownLatch(1);
    rig.target.answers(
        firing -> {
          Gates.pass(never);
          return new Outcome.Succeeded(200, null);
        });
    Engine victim = rig.start();
    JobId id = create(victim, 1).get(0);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    rig.update("UPDATE QRTZ_FIRED_TRIGGERS SET INSTANCE_NAME = ?", node);
    rig.target.answers(firing -> new Outcome.Succeeded(200, null));
    rig.target.arrivals().clear();
    victim.close();
    never.countDown();
    return id;
  }

  private static List<JobId> create(Engine engine, int count) {
    List<Job> jobs =
        Stream.generate(() -> JobId.of(UUID.randomUUID().toString()))
            .map(id -> Job.of(id, new Target.Noop(), new Schedule.Now(Limits.NONE)))
            .limit(count)
            .toList();
    engine.jobs().createAll(jobs, false);
    return jobs.stream().map(Job::id).toList();
  }

  private String executionState(JobId id) {
    return rig.one(
        "SELECT CONCAT(state, ' ', attempt) FROM execution WHERE job_id = ?", id.value());
  }
}
