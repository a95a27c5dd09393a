package io.carillon.execution;

/**
 * Takes what targets report while they work; each report is a sign of life as well. Thread-safe.
 */
public interface ProgressReports {
  /**
   * Takes a report. It is on disk a quarter of a second later at most; of those that come faster,
   * the last one counts.
   *
   * @throws RunExceptions.UnknownRun if there is no such execution
   * @throws RunExceptions.NotRunning if that attempt does not run
   */
  void report(ExecutionId id, int attempt, Progress progress);
}
