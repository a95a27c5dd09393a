package io.carillon.execution;

import java.util.function.DoubleSupplier;

/** What the live events count. Thread-safe; every method is cheap and never throws. */
public interface EventMetrics {
  /** Rows were written; those of a transaction that had to be run again count twice. */
  void eventsWritten(int count);

  /**
   * A reader was sent away.
   *
   * @param reason from a closed set
   */
  void readerDropped(String reason);

  /** Registers the reading of how many readers there are here. Once, at start. */
  void readers(DoubleSupplier readers);

  /** Registers the reading of the age, in seconds, at which the last event was told. Once. */
  void eventLag(DoubleSupplier seconds);

  /** Counts nothing: for tests and tools. */
  static EventMetrics none() {
    return new EventMetrics() {
      @Override
      public void eventsWritten(int count) {}

      @Override
      public void readerDropped(String reason) {}

      @Override
      public void readers(DoubleSupplier readers) {}

      @Override
      public void eventLag(DoubleSupplier seconds) {}
    };
  }
}
