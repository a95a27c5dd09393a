package io.carillon.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a target says it has come.
 *
 * @param percent 0 to 100
 * @param note at most {@value #LONGEST_NOTE} characters
 */
public record Progress(int percent, @Nullable String note, Instant at) {
  public static final int LONGEST_NOTE = 250;

  public Progress {
    if (percent < 0 || percent > 100 || (note != null && note.length() > LONGEST_NOTE)) {
      throw new IllegalArgumentException("progress " + percent);
    }
  }
}
