package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.ForwardingParticipant;
import io.carillon.execution.ForwardingRuns;
import io.carillon.execution.Outcome;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunRows;
import io.carillon.execution.Runs.Ended;
import io.carillon.execution.Runs.Report;
import io.carillon.execution.StoreParticipant;
import io.carillon.harness.Gates;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Words of targets at the moment at which something else becomes of their executions. */
class WordRacesTest {
  private static final Report DONE = new Report(true, null, null);

  @AutoClose private final EngineRig rig = new EngineRig();
  private final JobId id = Samples.newId();

  private static StoreParticipant with(
      StoreParticipant inner, Function<RunRows, RunRows> aroundRuns) {
    RunRows runs = aroundRuns.apply(inner.runs());
    return new ForwardingParticipant(inner) {
      @Override
      public RunRows runs() {
        return runs;
      }
    };
  }

  private ExecutionId awaited(Engine engine, Map<String, String> async) {
    rig.target.answers(firing -> new Outcome.Succeeded(202, null));
    engine
        .jobs()
        .create(
            SampleJob.noop(id, Samples.now())
                .retry(RetryPolicy.none())
                .with("async", async)
                .build());
    await().atMost(PATIENCE).until(() -> rig.one("SELECT COUNT(*) FROM awaited").equals("1"));
    return rig.target.arrivals().get(0).id();
  }

  /** Between two looks of the one who records the word, the next attempt is fired. */
  @Test
  void the_word_of_an_attempt_that_was_lost_does_not_end_the_next_one() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    rig.around =
        inner ->
            with(
                inner,
                runs ->
                    new ForwardingRuns(runs) {
                      @Override
                      public Optional<Run> find(Connection connection, ExecutionId run)
                          throws SQLException {
                        Optional<Run> found = super.find(connection, run);
                        meanwhile.getAndSet(() -> {}).run();
                        return found;
                      }
                    });
    Engine engine = rig.start();
    ExecutionId run = awaited(engine, Map.of("timeout", "PT1M"));
    meanwhile.set(
        () -> {
          rig.update("UPDATE execution SET attempt = 2");
          rig.update("UPDATE QRTZ_FIRED_TRIGGERS SET FIRED_TIME = FIRED_TIME + 1000");
        });

    assertThatThrownBy(() -> engine.runs().complete(run, 1, DONE)).isInstanceOf(NotRunning.class);
    assertThat(rig.executionOf(id)).isEqualTo("RUNNING 2");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("1");
  }

  /** A heartbeat comes between the look that finds it late and the one that ends it. */
  @Test
  void a_deadline_that_does_not_count_after_all_keeps_no_word_away() throws Exception {
    CountDownLatch judging = new CountDownLatch(1);
    CountDownLatch judged = new CountDownLatch(1);
    rig.around =
        inner ->
            with(
                inner,
                runs ->
                    new ForwardingRuns(runs) {
                      @Override
                      public Set<ExecutionId> stillDue(
                          Connection connection, Collection<ExecutionId> ids) {
                        judging.countDown();
                        Gates.pass(judged);
                        return Set.of();
                      }
                    });
    Engine engine = rig.start();
    ExecutionId run = awaited(engine, Map.of("timeout", "PT1S"));
    assertThat(judging.await(10, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Ended> first =
        CompletableFuture.supplyAsync(() -> engine.runs().complete(run, 1, DONE));
    await().pollDelay(Duration.ofMillis(400)).until(() -> true);
    assertThatThrownBy(() -> engine.runs().complete(run, 1, DONE))
        .as("whether the first word counts is not known yet")
        .isInstanceOf(StoreUnavailable.class);
    judged.countDown();
    assertThat(first.get(5, TimeUnit.SECONDS).state()).isEqualTo(ExecutionState.SUCCEEDED);
  }

  /** Nobody looks at deadlines here. */
  @Test
  void a_cancel_ends_what_awaits_its_word_without_waiting_for_a_look_at_deadlines() {
    rig.around =
        inner ->
            with(
                inner,
                runs ->
                    new ForwardingRuns(runs) {
                      @Override
                      public List<Run> due(Connection connection, Duration attentive, int most) {
                        return List.of();
                      }
                    });
    Engine engine = rig.start();
    ExecutionId run = awaited(engine, Map.of("timeout", "PT1M"));
    assertThat(engine.runs().cancel(JobId.DEFAULT_NAMESPACE, run).state())
        .isEqualTo(ExecutionState.RUNNING);
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    assertThat(rig.one("SELECT COUNT(*) FROM awaited")).isEqualTo("0");
  }
}
