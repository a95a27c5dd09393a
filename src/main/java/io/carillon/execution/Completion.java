package io.carillon.execution;

import java.time.Instant;

/**
 * An attempt that is over, or awaits its target's word, on its way into the database.
 *
 * @param via who says so
 */
public record Completion(
    Firing firing, Outcome outcome, NextStep next, Instant startedAt, Instant finishedAt, Via via) {

  /** By the worker that made the call. */
  public Completion(
      Firing firing, Outcome outcome, NextStep next, Instant startedAt, Instant finishedAt) {
    this(firing, outcome, next, startedAt, finishedAt, Via.WORKER);
  }

  /** Who says how an attempt ended. */
  public enum Via {
    /** Who made the call. */
    WORKER,
    /** The target, by a call of its own. */
    TARGET,
    /** Nobody in time. */
    DEADLINE
  }

  /** The same with another next step. */
  public Completion then(NextStep other) {
    return new Completion(firing, outcome, other, startedAt, finishedAt, via);
  }
}
