package io.carillon.execution;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one attempt ended at its target. A value: a call that fails is not an exception. */
public sealed interface Outcome {
  @Nullable Integer httpStatus();

  @Nullable Answer answer();

  record Succeeded(@Nullable Integer httpStatus, @Nullable Answer answer) implements Outcome {}

  /**
   * @param reason one of {@link Reasons}
   * @param error for people, at most 1,000 characters, without secrets
   * @param retryAfter what the target asked for, if it did
   */
  record Failed(
      String reason,
      String error,
      @Nullable Integer httpStatus,
      @Nullable Answer answer,
      @Nullable Duration retryAfter)
      implements Outcome {
    private static final int MOST_CHARACTERS = 1000;

    public Failed {
      if (error.length() > MOST_CHARACTERS) {
        error = error.substring(0, MOST_CHARACTERS);
      }
    }

    public static Failed of(String reason, String error) {
      return new Failed(reason, error, null, null, null);
    }
  }
}
