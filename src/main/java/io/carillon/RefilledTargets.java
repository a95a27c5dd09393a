package io.carillon;

import io.carillon.execution.Admission;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Job;
import io.carillon.spec.JobWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a run by hand the target that was filled for it: where its overrides hold one, the firing
 * goes on with that in place of the job's own. Thread-safe.
 */
final class RefilledTargets implements TargetCaller {
  private static final String TARGET = "target";

  private final TargetCaller targets;
  private final JobWriter writer = new JobWriter();

  RefilledTargets(TargetCaller targets) {
    this.targets = targets;
  }

  @Override
  public Optional<Outcome> call(Firing firing, Admission admission) {
    return targets.call(
        firing.overrides().containsKey(TARGET) ? refilled(firing) : firing, admission);
  }

  private Firing refilled(Firing firing) {
    Map<String, Object> overrides = new HashMap<>(firing.overrides());
    Job job = firing.job().withTarget(writer.parseTarget(overrides.remove(TARGET)));
    return new Firing(
        firing.id(),
        job,
        firing.generation(),
        firing.scheduledAt(),
        firing.attempt(),
        firing.counted(),
        firing.recovered(),
        firing.node(),
        firing.firedAt(),
        overrides);
  }

  @Override
  public void cancel(ExecutionId id) {
    targets.cancel(id);
  }

  @Override
  public void cancelAll() {
    targets.cancelAll();
  }
}
