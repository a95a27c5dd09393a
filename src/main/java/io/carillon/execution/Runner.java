package io.carillon.execution;

import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.RetryPolicy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/**
 * Makes one attempt: calls the target and decides what follows. Holds no lock and no connection.
 * Thread-safe. Whatever is thrown on the way, errors of the JVM included, becomes a failed attempt
 * with reason {@link Reasons#INTERNAL}.
 */
public final class Runner {
  private final TargetCaller caller;
  private final InstantSource clock;
  private final DoubleSupplier random;

  /**
   * @param random evenly from [0, 1), for the jitter of retries; thread-safe
   */
  public Runner(TargetCaller caller, InstantSource clock, DoubleSupplier random) {
    this.caller = caller;
    this.clock = clock;
    this.random = random;
  }

  public Completion run(Firing firing) {
    Instant startedAt = clock.instant();
    Outcome outcome;
    try {
      outcome = caller.call(firing);
    } catch (Exception | StackOverflowError | LinkageError e) {
      outcome = Failed.of(Reasons.INTERNAL, "the server failed to make the call: " + e);
    }
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
