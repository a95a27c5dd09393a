package io.carillon.execution;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine counts about itself. Thread-safe; every method is cheap, never throws and never
 * blocks. Labels come from closed sets, never from users.
 */
public interface EngineMetrics {
  /** An execution has ended; {@code state} is a final one. */
  void finished(ExecutionState state);

  /** The execution of a callback has ended, and was told of by {@link #finished} as well. */
  default void callbackFinished(ExecutionState state) {}

  /** From the planned instant to the begin of the first attempt; never negative. */
  void lateness(Duration lateness);

  /**
   * One exchange with a target has ended.
   *
   * @param reason one of {@link Reasons}; null for a success
   */
  void attempt(@Nullable String reason, Duration length);

  /** A batch of this many due attempts was fired in one transaction. */
  void fired(int batch);

  /**
   * Planned instants that were not run.
   *
   * @param reason one of {@link Reasons}
   */
  void skipped(String reason, int count);

  /**
   * Due runs that a limit holds.
   *
   * @param reason one of {@link Reasons}
   */
  default void held(String reason, int count) {}

  /** Planned instants that had an execution already, and were left alone. */
  void duplicatesDropped(int count);

  /** Completions that came after their execution was handed to another node. */
  void staleCompletions(int count);

  /** Triggers that could not be read and were parked in ERROR. */
  void parked(int count);

  /**
   * States without an owner that were found and put right.
   *
   * @param kind from a closed set
   */
  void healed(String kind, int count);

  /** Executions that were running at three nodes' deaths, and are not tried again. */
  default void quarantined(int count) {}

  /** Operations inherited from Quartz that ran under the lock row, one by one. */
  void slowPath(int count);

  /** Registers the reading of the lease's age, in seconds. Once, at start. */
  void leaseAge(DoubleSupplier seconds);

  /** Registers the reading of the number of running calls. Once, at start. */
  void inFlight(DoubleSupplier calls);

  /** Counts nothing: for tests and tools. */
  static EngineMetrics none() {
    return new EngineMetrics() {
      @Override
      public void finished(ExecutionState state) {}

      @Override
      public void lateness(Duration lateness) {}

      @Override
      public void attempt(@Nullable String reason, Duration length) {}

      @Override
      public void fired(int batch) {}

      @Override
      public void skipped(String reason, int count) {}

      @Override
      public void duplicatesDropped(int count) {}

      @Override
      public void staleCompletions(int count) {}

      @Override
      public void parked(int count) {}

      @Override
      public void healed(String kind, int count) {}

      @Override
      public void slowPath(int count) {}

      @Override
      public void leaseAge(DoubleSupplier seconds) {}

      @Override
      public void inFlight(DoubleSupplier calls) {}
    };
  }
}
