package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.SampleJob;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What one transaction has fired is called, whatever becomes of the next one: here the thread that
 * fires gets no more connections, as when the database has gone away between the two.
 */
@Timeout(60)
class FiredAtOnceTest {
  private final CountDownLatch opens = new CountDownLatch(1);
  private volatile BooleanSupplier isShut = () -> false;
  @AutoClose private final EngineRig rig = new EngineRig().through(this::shutting);

  private DataSource shutting(DataSource real) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              boolean fires = Thread.currentThread().getName().endsWith("QuartzSchedulerThread");
              if (fires && isShut.getAsBoolean()) {
                Gates.pass(opens);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void what_was_due_does_not_wait_for_what_is_held() {
    Engine engine = rig.start();
    Job plain = noop().build();
    isShut = () -> isFired(plain.id());

    engine.jobs().createAll(List.of(plain, inOrder(), inOrder()), false);

    await().atMost(PATIENCE).until(() -> called().contains(plain.id()));
    opens.countDown();
    await().atMost(PATIENCE).until(() -> called().size() == 3);
  }

  @Test
  void what_was_held_does_not_wait_for_what_is_due() {
    Engine engine = rig.start();
    CountDownLatch ends = new CountDownLatch(1);
    Job first = inOrder();
    Job held = inOrder();
    Job plain = noop().build();
    rig.target.answers(
        firing -> {
          if (firing.job().id().equals(first.id())) {
            Gates.pass(ends);
          }
          return new Outcome.Succeeded(200, null);
        });
    engine.jobs().create(first);
    await().atMost(PATIENCE).until(() -> called().contains(first.id()));
    engine.jobs().create(held);
    await().atMost(PATIENCE).until(() -> rig.executionOf(held.id()).startsWith("QUEUED"));

    CountDownLatch bothWait = new CountDownLatch(1);
    isShut =
        () -> {
          Gates.pass(bothWait);
          return isFired(held.id()) || isFired(plain.id());
        };
    ends.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(first.id()).startsWith("SUCCEEDED"));
    engine.jobs().create(plain);
    bothWait.countDown();

    await().atMost(PATIENCE).until(() -> called().size() == 2);
    opens.countDown();
    await().atMost(PATIENCE).until(() -> called().size() == 3);
    assertThat(called()).contains(held.id(), plain.id());
  }

  private boolean isFired(JobId id) {
    return !rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS WHERE JOB_NAME = ?", id.value())
        .equals("0");
  }

  private List<JobId> called() {
    return rig.target.arrivals().stream().map(Firing::job).map(Job::id).toList();
  }

  private static SampleJob noop() {
    return SampleJob.noop(Samples.newId(), Samples.now());
  }

  private static Job inOrder() {
    return noop().options(Map.of("fifoKey", "customer-7")).build();
  }
}
