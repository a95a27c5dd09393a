package io.carillon.job;

import java.util.Map;

/**
 * Which call created a job, and what that call's own vocabulary needs to show it again.
 *
 * @param call the call
 * @param facts that call's own fields, JSON-like: {@code task}, {@code delaySeconds}, {@code
 *     scheduler}, …
 */
public record Origin(Call call, Map<String, Object> facts) {
  /** The creating calls of the API contract. */
  public enum Call {
    CANONICAL,
    SCHEDULE,
    JOB,
    API_ENDPOINT,
    QUEUE,
    REQUESTS
  }

  public static final Origin CANONICAL = new Origin(Call.CANONICAL, Map.of());

  public Origin {
    facts = Map.copyOf(facts);
  }
}
