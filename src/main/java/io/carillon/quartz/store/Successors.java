package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Starts what follows executions, inside the transaction that ends them. Thread-safe; the number of
 * statements does not grow with the batch.
 */
public interface Successors {
  /** Nothing follows anything. */
  Successors NONE =
      new Successors() {
        @Override
        public boolean concern(Job job, ExecutionState state) {
          return false;
        }

        @Override
        public int most(Job job) {
          return 0;
        }

        @Override
        public void follow(
            StoreSession session, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now) {
          // There are none.
        }
      };

  /** As {@link io.carillon.execution.Following#concerns}. */
  boolean concern(Job job, ExecutionState state);

  /** As {@link io.carillon.execution.Following#most}. */
  int most(Job job);

  /**
   * Starts what follows.
   *
   * @param session of a transaction that holds the lock row exclusively
   * @param executions whose rows say already where they have got
   * @param over jobs beside those that are over and may be of a group
   */
  void follow(StoreSession session, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now)
      throws SQLException;
}
