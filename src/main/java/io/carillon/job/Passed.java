package io.carillon.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Planned instants that are not run.
 *
 * @param from the first
 * @param to they end before it; null while a pause lasts
 * @param reason why
 */
public record Passed(Instant from, @Nullable Instant to, String reason) {
  public boolean covers(Instant planned) {
    return !planned.isBefore(from) && endsAfter(planned);
  }

  public boolean endsAfter(Instant planned) {
    return to == null || planned.isBefore(to);
  }
}
