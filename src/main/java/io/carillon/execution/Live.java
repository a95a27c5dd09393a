package io.carillon.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an execution while it runs.
 *
 * @param progress as last reported
 * @param awaitsUntil until when its target may tell the outcome; null if it does not await one
 * @param cancelRequestedAt when somebody wanted it cancelled while it ran
 */
public record Live(
    @Nullable Progress progress,
    @Nullable Instant awaitsUntil,
    @Nullable Instant cancelRequestedAt) {
  public static final Live NOTHING = new Live(null, null, null);
}
