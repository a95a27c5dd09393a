package io.carillon.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    REQUESTS,
    /** None: it tells somebody about an execution. */
    CALLBACK,
    /** None: it was made of a task because something before it had ended. */
    CHAIN
  }

  /** The fact that says what a job does. */
  public static final String TASK = "task";

  /** The fact that says how long it was to wait. */
  public static final String DELAY_SECONDS = "delaySeconds";

  public static final String SCHEDULER = "scheduler";

  /** The fact that says which execution a job follows; of a job that follows a group, its name. */
  public static final String FOLLOWS = "follows";

  /** The fact that says how many runs a job follows, one after another. */
  public static final String DEPTH = "depth";

  public static final Origin CANONICAL = new Origin(Call.CANONICAL, Map.of());

  public Origin {
    facts = Map.copyOf(facts);
  }

  /** What {@code POST /job} was told to be scheduled by; null for jobs of other calls. */
  public @Nullable String scheduler() {
    return facts.get(SCHEDULER) instanceof String scheduler ? scheduler : null;
  }

  /** Without facts that are none any more. */
  public Origin without(Set<String> stale) {
    Map<String, Object> left = new HashMap<>(facts);
    left.keySet().removeAll(stale);
    return new Origin(call, left);
  }
}
