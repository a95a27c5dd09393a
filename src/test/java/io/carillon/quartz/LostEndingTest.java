package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Reasons;
import io.carillon.execution.Runs.Ended;
import io.carillon.execution.Runs.Report;
import io.carillon.job.Job;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.quartz.LostCommits.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that end attempts and whose connection is killed: each end is recorded, once. */
@Timeout(60)
class LostEndingTest {
  private final LostCommits commits = new LostCommits();
  @AutoClose private final EngineRig rig = new EngineRig().through(commits::around);

  /** Nor is it taken for the answer of a node that came too late. */
  @ParameterizedTest
  @EnumSource
  void what_has_ended_is_recorded_as_such_wherever_its_transaction_is_lost(Ending ending) {
    List<Job> jobs = Stream.generate(() -> job().build()).limit(20).toList();
    Engine engine = rig.start();
    commits.loseWhere(LostCommits.ENDS, ending);

    engine.jobs().createAll(jobs, false);

    await().atMost(PATIENCE).until(() -> engine.inFlight() == 0 && states().size() == 20);
    assertThat(states()).containsOnly("SUCCEEDED 1");
    assertThat(rig.target.arrivals()).hasSize(20);
    nothingIsStale();
  }

  @ParameterizedTest
  @EnumSource
  void what_is_tried_again_is_so_once_wherever_its_transaction_is_lost(Ending ending) {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Outcome.Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Engine engine = rig.start();
    commits.loseWhere(LostCommits.ENDS, ending);

    engine
        .jobs()
        .createAll(
            List.of(job().retry(RetryPolicy.fixed(3, Duration.ofMillis(300))).build()), false);

    await().atMost(PATIENCE).until(() -> states().equals(List.of("SUCCEEDED 2")));
    assertThat(rig.target.arrivals()).extracting(Firing::attempt).containsExactly(1, 2);
    nothingIsStale();
  }

  @ParameterizedTest
  @EnumSource
  void what_awaits_its_targets_word_does_so_wherever_its_transaction_is_lost(Ending ending) {
    rig.target.answers(firing -> new Outcome.Succeeded(202, null));
    Engine engine = rig.start();
    commits.loseWhere(LostCommits.AWAITS, ending);

    engine.jobs().createAll(List.of(awaiting()), false);

    await().atMost(PATIENCE).until(() -> awaited().equals("1") && engine.inFlight() == 0);
    assertThat(report(engine)).isEqualTo(new Ended(ExecutionState.SUCCEEDED, null, null));
    nothingIsStale();
  }

  @ParameterizedTest
  @EnumSource
  void a_targets_word_is_told_to_be_recorded_wherever_its_transaction_is_lost(Ending ending) {
    rig.target.answers(firing -> new Outcome.Succeeded(202, null));
    Engine engine = rig.start();
    engine.jobs().createAll(List.of(awaiting()), false);
    await().atMost(PATIENCE).until(() -> awaited().equals("1") && engine.inFlight() == 0);
    commits.loseWhere(LostCommits.ENDS, ending);

    assertThat(report(engine)).isEqualTo(new Ended(ExecutionState.SUCCEEDED, null, null));
    assertThat(states()).containsExactly("SUCCEEDED 1");
    nothingIsStale();
  }

  private Ended report(Engine engine) {
    ExecutionId run = rig.target.arrivals().get(0).id();
    return engine.runs().complete(run, 1, new Report(true, null, null));
  }

  private void nothingIsStale() {
    assertThat(commits.lost()).isEqualTo(1);
    assertThat(rig.one("SELECT COUNT(*) FROM attempt WHERE reason = ?", Reasons.STALE))
        .isEqualTo("0");
    assertThat(rig.stale()).isZero();
  }

  private String awaited() {
    return rig.one("SELECT COUNT(*) FROM awaited");
  }

  /** Of executions that are over. */
  private List<String> states() {
    return rig.query(
        """
        SELECT CONCAT(state, ' ', attempt) FROM execution
        WHERE state NOT IN ('RUNNING', 'RETRYING')
        """,
        row -> row.getString(1));
  }

  private static Job awaiting() {
    return job().retry(RetryPolicy.none()).with("async", Map.of("timeout", "PT1M")).build();
  }

  private static SampleJob job() {
    return SampleJob.noop(Samples.newId(), Samples.now());
  }
}
