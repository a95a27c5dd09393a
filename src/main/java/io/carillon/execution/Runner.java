package io.carillon.execution;

import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt: calls the target and decides what follows. An attempt whose lease has ended is
 * not begun, or not sent. Holds no lock and no connection. Thread-safe. Whatever is thrown on the
 * way, errors of the JVM included, becomes a failed attempt with reason {@link Reasons#INTERNAL}.
 */
public final class Runner {
  /** Nanoseconds. */
  private static final long MOST_AHEAD = Duration.ofSeconds(1).toNanos();

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
    await(firing.notBefore());
    if (!admission.holds()) {
      return Optional.empty();
    }
    Instant startedAt = clock.instant();
    return call(firing, admission).map(outcome -> completion(firing, outcome, startedAt));
  }

  /** Until its slot has come, which is a fifth of a second ahead at most. */
  private void await(@Nullable Instant notBefore) {
    if (notBefore == null) {
      return;
    }
    long nanos = Math.min(MOST_AHEAD, Duration.between(clock.instant(), notBefore).toNanos());
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
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
