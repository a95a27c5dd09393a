package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Outcome;
import io.carillon.execution.Runs.Report;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What awaits its target's word does not hang on a definition that nobody can read any more. */
class UnreadableRunsTest {
  private static final Report DONE = new Report(true, new Answer("{\"n\":1}", false), null);
  private static final Report FAILED = new Report(false, null, "no paper");

  @AutoClose private final EngineRig rig = new EngineRig();
  private Engine engine;

  private void awaited(JobId id, String timeout) {
    engine
        .jobs()
        .create(
            SampleJob.noop(id, Samples.now())
                .retry(RetryPolicy.none())
                .with("async", Map.of("timeout", timeout))
                .build());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one(
                        "SELECT COUNT(*) FROM awaited WHERE execution_id IN"
                            + " (SELECT id FROM execution WHERE job_id = ?)",
                        id.value())
                    .equals("1"));
  }

  private ExecutionId run(JobId id) {
    return rig.target.arrivalsOf(id).get(0).id();
  }

  @Test
  void it_ends_by_a_word_by_its_deadline_and_by_a_cancel() {
    rig.target.answers(firing -> new Outcome.Succeeded(202, null));
    engine = rig.start();
    JobId told = JobId.of("told");
    JobId failing = JobId.of("failing");
    JobId unwanted = JobId.of("unwanted");
    JobId late = JobId.of("late");
    List.of(told, failing, unwanted).forEach(id -> awaited(id, "PT1M"));
    awaited(late, "PT2S");
    rig.update("UPDATE job SET spec = 'nonsense'");

    assertThat(engine.runs().complete(run(told), 1, DONE).state())
        .isEqualTo(ExecutionState.SUCCEEDED);
    assertThat(engine.runs().complete(run(failing), 1, FAILED).state())
        .isEqualTo(ExecutionState.FAILED);
    engine.runs().cancel(JobId.DEFAULT_NAMESPACE, run(unwanted));

    await().atMost(PATIENCE).until(() -> rig.executionOf(unwanted).equals("CANCELLED 1"));
    await().atMost(PATIENCE).until(() -> rig.executionOf(late).equals("FAILED 1"));
    assertThat(rig.executionOf(told)).isEqualTo("SUCCEEDED 1");
    assertThat(rig.executionOf(failing)).isEqualTo("FAILED 1");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM awaited")).isEqualTo("0");
  }
}
