package io.carillon.breaker;

import io.carillon.execution.ExecutionId;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Executions that this process has claimed as probes, those of transactions that were rolled back
 * included; remembered for as long as a call can take. Thread-safe.
 */
final class Probes {
  private static final Duration KEPT = Target.Http.LONGEST_TIMEOUT.plusMinutes(5);

  private final Map<ExecutionId, Instant> claimed = new ConcurrentHashMap<>();

  void add(ExecutionId id, Instant now) {
    claimed.put(id, now);
  }

  boolean contains(ExecutionId id) {
    return claimed.containsKey(id);
  }

  void forget(Instant now) {
    claimed.values().removeIf(since -> since.plus(KEPT).isBefore(now));
  }
}
