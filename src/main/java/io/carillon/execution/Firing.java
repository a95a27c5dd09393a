package io.carillon.execution;

import io.carillon.job.Job;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that this node has to make: committed as fired, not yet called.
 *
 * @param job the definition in force at the firing
 * @param scheduledAt the planned instant, never rewritten
 * @param attempt number of this attempt, from 1; rises also after a node's death
 * @param counted number of attempts that use up {@code maxAttempts}, this one included
 * @param recovered whether an earlier attempt was lost with its node or handed over by one
 * @param node instance name under which it was fired; the fence
 * @param firedAt when the firing was committed
 * @param overrides what a run by hand replaces: {@code body}, {@code headers}, {@code parameters};
 *     may be empty
 * @param notBefore when the call may begin, by this node's clock; null for at once
 */
public record Firing(
    ExecutionId id,
    Job job,
    int generation,
    Instant scheduledAt,
    int attempt,
    int counted,
    boolean recovered,
    String node,
    Instant firedAt,
    Map<String, Object> overrides,
    @Nullable Instant notBefore) {

  /** One whose call may begin at once. */
  public Firing(
      ExecutionId id,
      Job job,
      int generation,
      Instant scheduledAt,
      int attempt,
      int counted,
      boolean recovered,
      String node,
      Instant firedAt,
      Map<String, Object> overrides) {
    this(
        id,
        job,
        generation,
        scheduledAt,
        attempt,
        counted,
        recovered,
        node,
        firedAt,
        overrides,
        null);
  }

  /** The same, not to begin before an instant. */
  public Firing from(@Nullable Instant instant) {
    return new Firing(
        id,
        job,
        generation,
        scheduledAt,
        attempt,
        counted,
        recovered,
        node,
        firedAt,
        overrides,
        instant);
  }
}
