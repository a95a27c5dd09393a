package io.carillon.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with the target.
 *
 * @param n from 1
 * @param reason why it failed; null if it succeeded or still runs
 * @param counted whether it used up one of {@code maxAttempts}
 */
public record Attempt(
    int n,
    String node,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Integer httpStatus,
    @Nullable String reason,
    @Nullable String error,
    boolean counted) {}
