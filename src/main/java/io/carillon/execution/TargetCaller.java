package io.carillon.execution;

import java.util.Optional;

/** Calls targets. Implemented outside; thread-safe. */
public interface TargetCaller {
  /**
   * Makes one call and waits for its end, at most the target's timeout. Never throws for what the
   * target does.
   *
   * @param admission looked at once everything is ready to be sent
   * @return empty if it was not admitted any more: nothing was sent
   */
  Optional<Outcome> call(Firing firing, Admission admission);

  /** Breaks off the call of one execution, if it is running here. */
  void cancel(ExecutionId id);

  /** Breaks off every running call, as at the end of a drain. */
  void cancelAll();
}
