package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.harness.Gates;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A cancel that comes when a firing is committed, and the node that fired does not know it yet. */
class EarlyCancelTest {
  private final AtomicReference<Runnable> afterFiring = new AtomicReference<>(() -> {});

  @AutoClose private final EngineRig rig = new EngineRig();

  private DataSource watched(DataSource pool) {
    return proxy(
        DataSource.class,
        pool,
        (method, answer) ->
            answer instanceof Connection connection
                ? proxy(Connection.class, connection, this::committed)
                : answer);
  }

  private Object committed(Method method, Object answer) {
    boolean fires = Thread.currentThread().getName().endsWith("_QuartzSchedulerThread");
    if (fires && method.getName().equals("commit")) {
      afterFiring.getAndSet(() -> {}).run();
    }
    return answer;
  }

  @FunctionalInterface
  private interface After {
    Object change(Method method, Object answer);
  }

  private static <T> T proxy(Class<T> type, T real, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            EarlyCancelTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return after.change(method, method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void it_reaches_the_call_all_the_same() {
    CountDownLatch cut = new CountDownLatch(1);
    JobId neighbour = Samples.newId();
    JobId id = Samples.newId();
    Engine other = rig.start();
    other.hold();
    rig.through(this::watched);
    Engine engine = rig.start();
    rig.target.connecting(
        firing -> {
          if (firing.job().id().equals(neighbour)) {
            Gates.pass(cut);
          }
        });
    engine.jobs().create(Samples.job(neighbour, Samples.now(), RetryPolicy.none()));
    await().atMost(PATIENCE).until(() -> rig.executionOf(neighbour).equals("RUNNING 1"));

    afterFiring.set(
        () -> {
          ExecutionId run =
              new ExecutionId(rig.one("SELECT id FROM execution WHERE job_id = ?", id.value()));
          assertThat(other.runs().cancel(JobId.DEFAULT_NAMESPACE, run).state())
              .isEqualTo(ExecutionState.RUNNING);
          await()
              .atMost(PATIENCE)
              .until(() -> rig.one("SELECT COUNT(*) FROM cancellation").equals("0"));
        });
    engine.jobs().create(Samples.job(id, Samples.now(), RetryPolicy.none()));

    await().atMost(PATIENCE).until(() -> rig.executionOf(id).endsWith("ED 1"));
    assertThat(rig.executionOf(id)).isEqualTo("CANCELLED 1");
    assertThat(rig.target.arrivalsOf(id)).isEmpty();
    cut.countDown();
  }
}
