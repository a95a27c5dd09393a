package io.carillon.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Acts on single executions, on any node. Every method returns when the change is on disk.
 * Thread-safe. All throw {@link RunExceptions.UnknownRun} for an unknown one, and {@link
 * io.carillon.job.JobExceptions.StoreUnavailable} while the database is away.
 */
public interface Runs {
  /**
   * The target tells how an attempt ended; the retry policy of the job applies to a failure. It may
   * do so before it has answered the call.
   *
   * @throws RunExceptions.NotRunning if that attempt does not run any more
   */
  Ended complete(ExecutionId id, int attempt, Report report);

  /**
   * Cancels an execution: one that waits ends at once and is never called again, of one that runs
   * the call is broken off, on whichever node.
   *
   * @throws RunExceptions.NotRunning if it is over
   */
  Cancelling cancel(String namespace, ExecutionId id);

  /**
   * Runs an execution again that ended FAILED or CANCELLED: under the same id, with all of its
   * job's attempts before it.
   *
   * @return number of the attempt that is made next
   * @throws RunExceptions.NotRunning if it ended otherwise, or not yet
   * @throws io.carillon.job.JobExceptions.WrongState if its job is cancelled
   */
  int retry(String namespace, ExecutionId id);

  /**
   * How a target says that an attempt ended.
   *
   * @param error null unless it failed
   */
  record Report(boolean succeeded, @Nullable Answer result, @Nullable String error) {}

  /**
   * What a report came to.
   *
   * @param nextAttemptAt null unless it is tried again
   */
  record Ended(ExecutionState state, @Nullable String reason, @Nullable Instant nextAttemptAt) {}

  /**
   * What a cancel found.
   *
   * @param state CANCELLED, or RUNNING while its call is being broken off
   * @param started whether a call of it had begun, now or at an earlier attempt
   */
  record Cancelling(ExecutionState state, boolean started) {}
}
