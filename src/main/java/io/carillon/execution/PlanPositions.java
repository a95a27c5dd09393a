package io.carillon.execution;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Tells the planned instants at which the triggers of jobs stand, paused or not, without their
 * jitter, as the caller's transaction sees them; jobs without a trigger of their own are absent.
 * One statement, no locks. Thread-safe.
 */
@FunctionalInterface
public interface PlanPositions {
  Map<JobId, Instant> of(Connection connection, Collection<JobId> jobs) throws SQLException;
}
