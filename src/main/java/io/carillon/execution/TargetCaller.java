package io.carillon.execution;

/** Calls targets. Implemented outside; thread-safe. */
public interface TargetCaller {
  /**
   * Makes one call and waits for its end, at most the target's timeout. Never throws for what the
   * target does.
   */
  Outcome call(Firing firing);

  /** Breaks off the call of one execution, if it is running here. */
  void cancel(ExecutionId id);

  /** Breaks off every running call, as at the end of a drain. */
  void cancelAll();
}
