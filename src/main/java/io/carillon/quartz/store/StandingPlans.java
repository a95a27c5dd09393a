package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.PlanPositions;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Where jobs' own triggers stand. Reads only; immutable, thread-safe. */
public final class StandingPlans implements PlanPositions {
  private final Tables tables;

  /**
   * @param prefix of Quartz's tables
   * @param scheduler the cluster's name in them
   */
  public StandingPlans(String prefix, String scheduler) {
    this.tables = new Tables(prefix, scheduler);
  }

  /** By primary keys. */
  @Override
  public Map<JobId, Instant> of(Connection connection, Collection<JobId> jobs) throws SQLException {
    Map<JobId, Instant> standing = new HashMap<>();
    if (jobs.isEmpty()) {
      return standing;
    }
    String statement =
        """
        SELECT t.JOB_NAME, t.JOB_GROUP, COALESCE(own.LONG_PROP_1, t.NEXT_FIRE_TIME)
        FROM QRTZ_TRIGGERS t FORCE INDEX (PRIMARY)
          LEFT JOIN QRTZ_SIMPROP_TRIGGERS own
            ON own.SCHED_NAME = t.SCHED_NAME AND own.TRIGGER_NAME = t.TRIGGER_NAME
              AND own.TRIGGER_GROUP = t.TRIGGER_GROUP AND t.TRIGGER_TYPE = 'CARILLON'
        WHERE t.SCHED_NAME = ? AND t.TRIGGER_NAME IN (%s) AND t.NEXT_FIRE_TIME >= 0
        """
            .formatted(Sql.paddedPlaces(jobs.size()));
    Sql.query(
        connection,
        tables.sql(statement),
        row -> standing.put(JobRows.id(row), Instant.ofEpochMilli(row.getLong(3))),
        JobRows.values(tables.scheduler(), jobs));
    standing.keySet().retainAll(jobs);
    return standing;
  }
}
