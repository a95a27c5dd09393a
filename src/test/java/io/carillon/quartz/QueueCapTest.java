package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.Queues.Figures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** So many of a queue at once, over all nodes. */
class QueueCapTest {
  @AutoClose private final LimitsRig limits = new LimitsRig();

  @Test
  void two_nodes_together_never_run_more_of_a_queue_than_its_cap() {
    Engine one = limits.rig.start();
    Engine two = limits.rig.start();
    limits.set(one, cap(3));

    one.jobs().createAll(jobs(40), true);
    two.jobs().createAll(jobs(40), true);

    await().atMost(PATIENCE.multipliedBy(2)).until(() -> limits.arrivals(QUEUE) == 80);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(limits.most(QUEUE)).isEqualTo(3);
    assertThat(limits.count("held")).isZero();
    assertThat(limits.held()).isZero();
    assertThat(limits.rig.query("SELECT DISTINCT state FROM execution", row -> row.getString(1)))
        .containsExactly("SUCCEEDED");
    assertThat(limits.rig.query("SELECT DISTINCT state FROM job", row -> row.getString(1)))
        .containsExactly("COMPLETED");
  }

  @Test
  void what_has_room_runs_at_once_and_what_has_none_waits() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(3));
    engine.jobs().createAll(jobs(1), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 1);
    int before = limits.rig.heldBack();

    engine.jobs().createAll(jobs(2), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 3);
    assertThat(limits.rig.heldBack()).isEqualTo(before);
    assertThat(limits.count("permit")).isEqualTo(3);

    engine.jobs().createAll(jobs(2), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 2);
    limits.letGo(5);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 5);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  /** A pace of 40 ms for what limits hold would be a limit of its own: 25 turns a second. */
  @Test
  void a_turn_is_taken_as_soon_as_there_is_one() {
    Engine engine = limits.calls(Duration.ofMillis(1)).rig.start();
    limits.set(engine, cap(1));
    engine.jobs().createAll(jobs(30), true);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 30); // the JVM is warm
    engine.jobs().createAll(jobs(40), true);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 70);

    List<Long> times = limits.times();
    List<Long> turns =
        IntStream.range(31, 70).mapToObj(n -> times.get(n) - times.get(n - 1)).sorted().toList();
    assertThat(turns.get(turns.size() / 2)).isLessThan(40);
  }

  @Test
  void whoever_has_a_queue_in_hands_is_not_waited_for() throws SQLException {
    Engine engine = limits.rig.start();
    limits.set(engine, cap(5));
    engine.jobs().createAll(jobs(1), true);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 1);

    try (Connection other = limits.rig.connection()) {
      other.setAutoCommit(false);
      Sql.query(other, "SELECT name FROM lane FOR UPDATE", row -> row.getString(1));
      engine.jobs().createAll(jobs(2), true);
      await().atMost(PATIENCE).until(() -> limits.held() == 2);
      other.rollback();
    }

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 3);
  }

  @Test
  void what_waits_is_told_with_its_reason() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(2));
    List<Job> jobs = jobs(5);

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 2 && limits.held() == 3);
    Figures figures =
        Objects.requireNonNull(
            engine.queues().find(JobId.DEFAULT_NAMESPACE, QUEUE).orElseThrow().figures());
    assertThat(figures).isEqualTo(new Figures(0, 0, 2, 3));
    assertThat(
            limits.rig.query(
                "SELECT CONCAT(state, ' ', COALESCE(reason, '-')) FROM execution ORDER BY 1",
                row -> row.getString(1)))
        .containsExactly(
            "QUEUED CONCURRENCY",
            "QUEUED CONCURRENCY",
            "QUEUED CONCURRENCY",
            "RUNNING -",
            "RUNNING -");
    assertThat(limits.count("v_held")).isEqualTo(3);
  }

  @Test
  void what_runs_when_a_cap_is_set_counts() {
    limits.gated();
    Engine engine = limits.rig.start();
    engine.jobs().createAll(jobs(3), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 3);

    limits.set(engine, cap(2));
    engine.jobs().createAll(jobs(2), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 2);
    limits.letGo(1);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 2);
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    assertThat(limits.held()).isEqualTo(2);

    limits.letGo(1);
    await().atMost(PATIENCE).until(() -> limits.held() == 1);
    assertThat(limits.running(QUEUE)).isEqualTo(2);
  }

  @Test
  void a_cap_that_is_taken_away_lets_all_go() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.jobs().createAll(jobs(10), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 9);

    limits.set(engine, QueueSettings.NONE);

    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 10);
  }

  @Test
  void nothing_held_of_a_paused_queue_is_let_go_before_the_resume() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(1));
    engine.jobs().createAll(jobs(3), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 2);

    engine.queues().pause(JobId.DEFAULT_NAMESPACE, QUEUE, null, null);
    limits.letGo(1);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    await().pollDelay(Duration.ofMillis(400)).until(() -> true);
    assertThat(limits.arrivals(QUEUE)).isEqualTo(1);

    engine.queues().resume(JobId.DEFAULT_NAMESPACE, QUEUE);
    limits.letGo(2);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 3);
  }

  @Test
  void a_paused_job_waits_for_its_resume_and_a_cancelled_one_is_gone() {
    limits.gated();
    Engine engine = limits.rig.start();
    limits.set(engine, cap(1));
    List<Job> jobs = jobs(4);
    engine.jobs().createAll(jobs.subList(0, 1), true);
    await().atMost(PATIENCE).until(() -> limits.running(QUEUE) == 1);
    engine.jobs().createAll(jobs.subList(1, 4), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 3);

    engine.jobs().pause(jobs.get(1).id(), null, null);
    engine.jobs().cancel(jobs.get(2).id(), OptionalLong.empty(), false);
    assertThat(limits.count("held")).isEqualTo(1);
    limits.letGo(10);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 2);
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    assertThat(limits.arrivals(QUEUE)).isEqualTo(2);

    engine.jobs().resume(jobs.get(1).id());
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 3);
    assertThat(limits.rig.executionOf(jobs.get(2).id())).isEqualTo("CANCELLED 0");
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }
}
