package io.carillon.quartz.store;

import io.carillon.job.StoredJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes Quartz's rows of a job anew, from its own row alone. Pure; thread-safe. */
@FunctionalInterface
public interface Replanning {
  /**
   * @param acceptedAt when the present generation of its schedule was accepted
   * @param next the instant at which it fires next, where that is known; null to compute it
   * @return without a plan if it shall not fire again
   * @throws RuntimeException if its definition is not one
   */
  PlannedJob plan(StoredJob job, Instant acceptedAt, @Nullable Instant next, Instant now);
}
