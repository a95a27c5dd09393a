package io.carillon.history;

import io.carillon.execution.ExecutionState;
import org.jspecify.annotations.Nullable;

/** The row that a due execution has already. */
record DueRow(
    ExecutionState state, int attempt, int uncounted, int generation, @Nullable String request) {

  /** Whether it waits for exactly this attempt. */
  boolean awaits(int next) {
    boolean waiting =
        switch (state) {
          case SCHEDULED, QUEUED, RETRYING -> true;
          default -> false;
        };
    return waiting && attempt == next - 1;
  }
}
