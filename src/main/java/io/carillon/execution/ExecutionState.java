package io.carillon.execution;

/** Where one execution stands. The last four are final. */
public enum ExecutionState {
  /** Known and not due. */
  SCHEDULED,
  /**
   * Due, waiting to be run (again): handed over by a node that stopped or died, or held by a limit.
   */
  QUEUED,
  /** A node is calling its target. */
  RUNNING,
  /** An attempt failed; another is planned. */
  RETRYING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  SKIPPED;

  public boolean isFinal() {
    return ordinal() >= SUCCEEDED.ordinal();
  }
}
