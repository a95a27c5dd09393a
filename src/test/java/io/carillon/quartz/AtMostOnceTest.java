package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.harness.Gates;
import io.carillon.job.Delivery;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Delivery AT_MOST_ONCE: no second call once one may have been sent. */
class AtMostOnceTest {
  private static final RetryPolicy ALWAYS =
      new RetryPolicy(
          3,
          RetryPolicy.Backoff.FIXED,
          Duration.ofMillis(20),
          1,
          Duration.ofMillis(20),
          0,
          List.of(),
          List.of("5xx", "NETWORK", "TIMEOUT"),
          List.of(),
          null);

  @AutoClose private final EngineRig rig = new EngineRig();
  private final JobId id = Samples.newId();

  private void create(Engine engine) {
    engine
        .jobs()
        .create(
            SampleJob.noop(id, Samples.now())
                .retry(ALWAYS)
                .delivery(Delivery.AT_MOST_ONCE)
                .build());
  }

  private String execution() {
    return rig.one(
        "SELECT CONCAT(state, ' ', COALESCE(reason, '-'), ' ', attempt) FROM execution"
            + " WHERE job_id = ?",
        id.value());
  }

  @Test
  void what_a_dead_node_was_calling_is_lost_and_not_called_again() {
    CountDownLatch answered = new CountDownLatch(1);
    rig.target.before(() -> Gates.pass(answered));
    Engine slow = rig.start();
    create(slow);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    String before = slow.lease().instanceName();
    rig.start();
    rig.update("DELETE FROM node WHERE instance_name = ?", before);

    await().atMost(PATIENCE).until(() -> execution().equals("FAILED NODE_LOST 1"));
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
    answered.countDown();
    await().atMost(PATIENCE).until(() -> slow.inFlight() == 0);
    assertThat(execution()).isEqualTo("FAILED NODE_LOST 1");
    assertThat(rig.target.arrivals()).hasSize(1);
  }

  @Test
  void what_a_stopping_node_was_calling_is_lost_and_not_called_again() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    rig.target.before(() -> Gates.pass(answered));
    Engine leaving = rig.start();
    create(leaving);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
    rig.start();
    leaving.hold();
    leaving.drain(Duration.ofMillis(100));
    await().atMost(PATIENCE).until(() -> execution().equals("FAILED NODE_LOST 1"));
    answered.countDown();
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    assertThat(rig.target.arrivals()).hasSize(1);
  }
}
