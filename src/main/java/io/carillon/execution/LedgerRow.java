package io.carillon.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of history as the ledger reads it.
 *
 * @param generation of the schedule
 * @param planned false of runs by hand and backfills
 * @param from the planned instant; of a SKIPPED one that stands for several, the first
 * @param to the last one it stands for
 * @param count how many it stands for, at least 1
 */
public record LedgerRow(
    int generation,
    boolean planned,
    ExecutionState state,
    @Nullable String reason,
    Instant from,
    Instant to,
    int count) {

  /** Whether it may stand for several instants. */
  boolean isSpan() {
    return state == ExecutionState.SKIPPED && (count != 1 || !to.equals(from));
  }
}
