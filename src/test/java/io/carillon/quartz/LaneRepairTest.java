package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.LimitsRig.cap;
import static io.carillon.quartz.LimitsRig.jobs;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is damaged about limits is put right. */
class LaneRepairTest {
  @AutoClose private final LimitsRig limits = new LimitsRig();
  private Engine engine;

  @BeforeEach
  void start() {
    limits.rig.withQuickPace();
    engine = limits.rig.start();
    limits.set(engine, cap(1));
  }

  @Test
  void a_run_that_is_held_without_a_place_in_a_lane_gets_one() {
    limits.gated();
    engine.jobs().createAll(jobs(3), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 2);

    limits.rig.update("DELETE FROM held");

    await().atMost(PATIENCE).until(() -> limits.count("held") == 2);
    limits.letGo(3);
    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 3);
    assertThat(limits.rig.healed()).containsKey("held_lost");
  }

  @Test
  void a_place_without_a_trigger_and_a_permit_without_a_run_are_taken_away() {
    String id =
        ExecutionId.planned(JobId.of(UUID.randomUUID().toString()), 1, Instant.now()).value();
    limits.rig.update(
        "INSERT INTO permit (namespace, kind, lane, execution_id) VALUES ('default', 'QUEUE', ?, ?)",
        QUEUE,
        id);

    engine.jobs().createAll(jobs(2), true);

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 2);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
    assertThat(limits.rig.healed()).containsKey("permit_left");
  }

  @Test
  void a_word_that_was_lost_is_made_up_for() {
    limits.gated();
    engine.jobs().createAll(jobs(2), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 1);
    limits.rig.update("DELETE FROM permit");
    limits.rig.update("UPDATE lane SET ready_at = NULL");

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 2);
  }

  @Test
  void a_lane_that_is_gone_is_made_anew() {
    limits.gated();
    engine.jobs().createAll(jobs(3), true);
    await().atMost(PATIENCE).until(() -> limits.held() == 2);

    limits.rig.update("DELETE FROM lane");
    limits.letGo(3);

    await().atMost(PATIENCE).until(() -> limits.arrivals(QUEUE) == 3);
  }

  @Test
  void lanes_that_nothing_needs_go_faster_than_keys_can_come() {
    for (int n = 0; n < 10; n++) {
      StringJoiner rows = new StringJoiner(", ");
      for (int key = 0; key < 1_000; key++) {
        rows.add("('default', 'FIFO', '" + n + "-" + key + "', 1)");
      }
      limits.rig.update(
          "INSERT INTO lane (namespace, kind, name, touched_at) VALUES " + rows.toString());
    }

    await().atMost(Duration.ofSeconds(4)).until(() -> limits.count("lane") == 0);
  }
}
