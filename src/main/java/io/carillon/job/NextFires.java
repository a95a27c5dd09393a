package io.carillon.job;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Tells the next planned instant of jobs from the engine's tables; jobs without one are absent. One
 * statement.
 */
@FunctionalInterface
public interface NextFires {
  Map<JobId, Instant> of(Collection<JobId> ids);
}
