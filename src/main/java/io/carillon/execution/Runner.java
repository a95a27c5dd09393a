package io.carillon.execution;

import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.GiveBack;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.RetryPolicy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Makes one attempt: calls the target and decides what follows. An attempt whose lease has ended is
 * not begun, or not sent. Holds no lock and no connection. Thread-safe. Whatever is thrown on the
 * way, errors of the JVM included, becomes a failed attempt with reason {@link Reasons#INTERNAL}.
 */
public final class Runner {
  private final TargetCaller caller;
  private final Lease lease;
  private final InstantSource clock;
  private final DoubleSupplier random;

  /**
   * @param random evenly from [0, 1), for the jitter of retries; thread-safe
   */
  public Runner(TargetCaller caller, Lease lease, InstantSource clock, DoubleSupplier random) {
    this.caller = caller;
    this.lease = lease;
    this.clock = clock;
    this.random = random;
  }

  /**
   * @return empty if this node's lease had ended before anything was sent
   */
  public Optional<Completion> run(Firing firing) {
    Admission admission = () -> lease.holds(firing.node());
    if (!admission.holds()) {
      return Optional.empty();
    }
    Instant startedAt = clock.instant();
    return call(firing, admission).map(outcome -> completion(firing, outcome, startedAt));
  }

  private Optional<Outcome> call(Firing firing, Admission admission) {
    try {
      return caller.call(firing, admission);
    } catch (Exception | StackOverflowError | LinkageError e) {
      return Optional.of(Failed.of(Reasons.INTERNAL, "the server failed to make the call: " + e));
    }
  }

  private Completion completion(Firing firing, Outcome outcome, Instant startedAt) {
    Instant finishedAt = clock.instant();
    return new Completion(
        firing, outcome, next(firing, outcome, finishedAt), startedAt, finishedAt);
  }

  private NextStep next(Firing firing, Outcome outcome, Instant now) {
    if (outcome instanceof Succeeded) {
      return new Finish(ExecutionState.SUCCEEDED, null);
    }
    Failed failed = (Failed) outcome;
    if (failed.reason().equals(Reasons.CANCELLED)) {
      return new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED);
    }
    if (failed.reason().equals(Reasons.CIRCUIT_OPEN)) {
      return new GiveBack(failed.reason());
    }
    RetryPolicy policy = firing.job().policies().retry();
    if (firing.counted() >= policy.maxAttempts() || !RetryRule.isRetried(policy, failed)) {
      return new Finish(ExecutionState.FAILED, failed.reason());
    }
    Instant at = now.plus(policy.waitAfter(firing.counted(), random.getAsDouble()));
    if (policy.maxAge() != null && at.isAfter(firing.scheduledAt().plus(policy.maxAge()))) {
      return new Finish(ExecutionState.FAILED, failed.reason());
    }
    return new RetryAt(at, failed.reason());
  }
}
