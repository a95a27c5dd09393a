package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Execution rows inside a transaction of the store, on its connection, for whoever starts runs
 * because others have ended. Thread-safe; a number of statements that does not grow with the batch.
 */
public interface LinkedRuns {
  /**
   * An execution as it stands.
   *
   * @param overrides what a run by hand, or one that follows another, replaces; may be empty
   */
  record Run(Execution execution, Map<String, Object> overrides) {}

  /** A run that is to be inserted. */
  record Planned(ExecutionId id, StoredJob job, Map<String, Object> overrides) {}

  /** Absent ids are absent. */
  Map<ExecutionId, Run> read(Connection connection, Collection<ExecutionId> ids)
      throws SQLException;

  /**
   * Inserts runs as QUEUED, awaiting attempt 1; those that are there already stay as they are.
   *
   * @return the new ones
   */
  Set<ExecutionId> insert(Connection connection, List<Planned> runs) throws SQLException;

  /** Ids of a job's executions that are SCHEDULED, QUEUED or RETRYING, at most so many. */
  List<ExecutionId> waiting(Connection connection, JobId job, int most) throws SQLException;
}
