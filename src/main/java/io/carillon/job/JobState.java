package io.carillon.job;

/** What a definition is doing. */
public enum JobState {
  /** It fires as planned. Left by pause, cancel, or its last execution's end. */
  ACTIVE,
  /** It keeps its plan and does not fire. Left by resume or cancel. */
  PAUSED,
  /** Nothing of it is planned or running any more. A run by hand is still possible. */
  COMPLETED,
  /** Deleted by a client; readable until retention. Final. */
  CANCELLED
}
