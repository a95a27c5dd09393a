package io.carillon.quartz.store;

import io.carillon.execution.PlanPositions;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Where jobs' own triggers stand, paused ones too. Reads only; immutable, thread-safe. */
public final class StandingPlans implements PlanPositions {
  private final TriggerRows triggers;

  /**
   * @param prefix of Quartz's tables
   * @param scheduler the cluster's name in them
   */
  public StandingPlans(String prefix, String scheduler) {
    this.triggers = new TriggerRows(new Tables(prefix, scheduler));
  }

  @Override
  public Map<JobId, Instant> of(Connection connection, Collection<JobId> jobs) throws SQLException {
    return triggers.standing(connection, jobs);
  }
}
