package io.carillon.execution;

import java.util.function.DoubleSupplier;

/** What the check of all ledgers counts. Thread-safe. */
public interface LedgerMetrics {
  /** Planned instants of which nothing is known; each once. */
  void ledgerMissing(long count);

  /** Jobs of which something was found missing in the last 24 hours. */
  void ledgerUnbalanced(DoubleSupplier jobs);
}
