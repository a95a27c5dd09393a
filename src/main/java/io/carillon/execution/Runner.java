package io.carillon.execution;

import io.carillon.execution.NextStep.Await;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.GiveBack;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Async;
import io.carillon.job.Delivery;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final int ACCEPTED = 202;

  /** Failures before anything was sent, for certain. */
  private static final Set<String> UNSENT =
      Set.of(
          Reasons.DNS,
          Reasons.CONNECT,
          Reasons.EGRESS_DENIED,
          Reasons.MAIL_UNAVAILABLE,
          Reasons.SECRET_UNAVAILABLE);

  private final TargetCaller caller;
  private final Lease lease;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final Set<ExecutionId> brokenOff = ConcurrentHashMap.newKeySet();

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
    await(firing.notBefore());
    Admission admission = () -> lease.holds(firing.node()) && !brokenOff.contains(firing.id());
    Instant startedAt = clock.instant();
    return (admission.holds() ? call(firing, admission) : Optional.<Outcome>empty())
        .or(() -> cancelled(firing))
        .map(outcome -> completion(firing, outcome, startedAt));
  }

  /** Nothing was sent: because somebody wants it cancelled, if the lease holds. */
  private Optional<Outcome> cancelled(Firing firing) {
    return lease.holds(firing.node()) && brokenOff.contains(firing.id())
        ? Optional.of(Failed.of(Reasons.CANCELLED, "cancelled before it was sent"))
        : Optional.empty();
  }

  /**
   * Breaks an execution off that is to run here or does: it is not sent any more, or its call is
   * cut. To be followed by {@link #forget} when it has ended.
   */
  public void breakOff(ExecutionId id) {
    brokenOff.add(id);
    caller.cancel(id);
  }

  /** An execution has ended, or is not this node's. */
  public void forget(ExecutionId id) {
    brokenOff.remove(id);
  }

  /** Until its slot has come, which is less than a second ahead. */
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
    Optional<Async> async = isAccepted(outcome) ? Async.of(firing.job()) : Optional.empty();
    NextStep next =
        async.<NextStep>map(Await::new).orElseGet(() -> next(firing, outcome, finishedAt));
    return new Completion(firing, outcome, next, startedAt, finishedAt);
  }

  /** Whether the target said "later", be 202 a success or not. */
  private static boolean isAccepted(Outcome outcome) {
    Integer status = outcome.httpStatus();
    return status != null
        && status == ACCEPTED
        && (outcome instanceof Succeeded
            || ((Failed) outcome).reason().equals(Reasons.http(ACCEPTED)));
  }

  /** What follows an attempt that ended now; pure but for the jitter of retries. */
  public NextStep next(Firing firing, Outcome outcome, Instant now) {
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
    if (firing.counted() >= policy.maxAttempts()
        || !RetryRule.isRetried(policy, failed)
        || (isAtMostOnce(firing) && !UNSENT.contains(failed.reason()))) {
      return new Finish(ExecutionState.FAILED, failed.reason());
    }
    Instant at =
        now.plus(RetryRule.waitAfter(policy, failed, firing.counted(), random.getAsDouble()));
    if (policy.maxAge() != null && at.isAfter(firing.scheduledAt().plus(policy.maxAge()))) {
      return new Finish(ExecutionState.FAILED, failed.reason());
    }
    return new RetryAt(at, failed.reason());
  }

  private static boolean isAtMostOnce(Firing firing) {
    return firing.job().policies().delivery() == Delivery.AT_MOST_ONCE;
  }
}
