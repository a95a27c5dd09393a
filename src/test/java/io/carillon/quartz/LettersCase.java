package io.carillon.quartz;

import static org.awaitility.Awaitility.await;

import io.carillon.execution.DeadLetters;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Redrives.Redriven;
import io.carillon.history.DeadLetterQueries;
import io.carillon.history.ExecutionQueries;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** A node whose target fails until it is well, and the dead letters that come of it. */
abstract class LettersCase {
  static final String HERE = JobId.DEFAULT_NAMESPACE;
  static final DeadLetters.Filter ALL =
      new DeadLetters.Filter(HERE, null, null, null, null, null, Map.of());

  @AutoClose final EngineRig rig = new EngineRig();
  Engine engine;
  DeadLetters letters;
  ExecutionQueries executions;
  volatile boolean well;

  @BeforeEach
  void start() {
    engine = rig.start();
    letters = new DeadLetterQueries(rig.database.dataSource());
    executions = new ExecutionQueries(rig.database.dataSource());
    rig.target.answers(
        firing ->
            well
                ? new Succeeded(200, null)
                : new Failed("HTTP_503", "answered 503", 503, null, null));
  }

  JobId create(RetryPolicy retry) {
    JobId id = Samples.newId();
    engine.jobs().create(Samples.job(id, Samples.now(), retry));
    return id;
  }

  /** The letters, once there are so many. */
  List<ExecutionId> dead(int count) {
    await().until(() -> letters.select(ALL, 1_000).size() == count);
    return letters.select(ALL, 1_000);
  }

  Redriven redrive(List<ExecutionId> ids, Duration pace) {
    return engine.redrives().redrive(HERE, ids, pace);
  }

  Execution execution(ExecutionId id) {
    return executions.find(HERE, id).orElseThrow();
  }
}
