package io.carillon.execution;

import io.carillon.job.Async;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows an attempt. */
public sealed interface NextStep {
  /**
   * The execution is over.
   *
   * @param reason null for a success
   */
  record Finish(ExecutionState state, @Nullable String reason) implements NextStep {}

  /** The target tells the outcome later; nothing is over until then. */
  record Await(Async async) implements NextStep {}

  /** Another attempt at an instant. */
  record RetryAt(Instant instant, String reason) implements NextStep {}

  /**
   * It was not begun: the same attempt is made later.
   *
   * @param reason what is in the way
   */
  record GiveBack(String reason) implements NextStep {}
}
