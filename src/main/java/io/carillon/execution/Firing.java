package io.carillon.execution;

import io.carillon.job.Job;
import java.time.Instant;
import java.util.Map;

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
    Map<String, Object> overrides) {}
