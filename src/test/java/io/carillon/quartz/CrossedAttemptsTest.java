package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that makes an attempt while an earlier one of the same execution still runs on it. */
class CrossedAttemptsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private EngineRig rig;

  @BeforeEach
  void open() {
    rig = new EngineRig();
    rig.target.answers(
        firing -> {
          Gates.pass(gate(firing));
          return firing.attempt() == 1
              ? Outcome.Failed.of("HTTP_500", "the first attempt")
              : new Outcome.Succeeded(200, null);
        });
  }

  @AfterEach
  void close() {
    gates.values().forEach(CountDownLatch::countDown);
    rig.close();
  }

  @Test
  void answers_of_both_in_one_group_leave_the_later_attempt_decided() throws Exception {
    Engine engine = rig.start();
    JobId other = create(engine);
    JobId id = create(engine);
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 2);
    rig.update(
        "UPDATE QRTZ_FIRED_TRIGGERS SET INSTANCE_NAME = 'gone.1' WHERE JOB_NAME = ?", id.value());
    rig.update("UPDATE execution SET node = 'gone.1' WHERE job_id = ?", id.value());
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() == 2);
    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::attempt).containsExactly(1, 2);

    Thread holder = holdTheLockRow();
    gates.get(other + "/1").countDown();
    pause(200);
    gates.get(id + "/2").countDown();
    pause(200);
    gates.get(id + "/1").countDown();
    holder.join();

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        "SELECT CONCAT(state, ' ', attempt) FROM execution WHERE job_id = ?",
                        id.value())
                    .equals("SUCCEEDED 2"));
    await().atMost(PATIENCE).until(() -> engine.inFlight() == 0);
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("0");
  }

  /** For a second and a half, so that what ends meanwhile is written as one group. */
  private Thread holdTheLockRow() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try (Connection connection = rig.database.dataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeQuery("SELECT * FROM QRTZ_LOCKS FOR UPDATE").close();
                held.countDown();
                statement.executeQuery("SELECT SLEEP(1.5)").close();
                connection.rollback();
                connection.setAutoCommit(true);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            },
            "lock-row-holder");
    thread.start();
    assertThat(held.await(5, TimeUnit.SECONDS)).isTrue();
    return thread;
  }

  private CountDownLatch gate(Firing firing) {
    return gates.computeIfAbsent(
        firing.job().id() + "/" + firing.attempt(), key -> new CountDownLatch(1));
  }

  private static void pause(long millis) {
    await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
  }

  private static JobId create(Engine engine) {
    JobId id = JobId.of(UUID.randomUUID().toString());
    engine.jobs().create(Job.of(id, new Target.Noop(), Samples.now()));
    return id;
  }
}
