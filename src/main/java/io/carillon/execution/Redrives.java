package io.carillon.execution;

import io.carillon.job.JobExceptions.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts dead letters again. Thread-safe. */
public interface Redrives {
  /**
   * Lets executions go on with further attempts, each as many as its job's policy gives a new one,
   * one after another at a pace, the first at once. A letter is taken in the transaction that plans
   * its attempt: asked for twice, it is attempted once. Works in chunks, and no longer than a
   * client waits.
   *
   * @param ids each once
   * @param pace from one to the next
   * @throws StoreUnavailable if the database is away and nothing was redriven
   */
  Redriven redrive(String namespace, List<ExecutionId> ids, Duration pace);

  /**
   * What became of them.
   *
   * @param planned when they are attempted, in the order given
   * @param refused those that are not, and why
   * @param left how many there was no time for; they are letters still
   */
  record Redriven(Map<ExecutionId, Instant> planned, Map<ExecutionId, Refusal> refused, int left) {
    /** When the last one is attempted. */
    public @Nullable Instant last() {
      return planned.values().stream().max(Instant::compareTo).orElse(null);
    }
  }

  /** Why one cannot be redriven. */
  enum Refusal {
    /** There is no such letter, or not any more. */
    NOT_FOUND,
    /** Its job was cancelled, or is gone. */
    JOB_GONE
  }
}
