package io.carillon.execution;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Tells which executions of jobs are not over. Thread-safe. */
@FunctionalInterface
public interface OpenRuns {
  /**
   * As the caller's transaction sees it; takes no lock. Two statements, none for no jobs. Jobs of
   * which nothing is open are absent.
   */
  Map<JobId, Open> of(Connection connection, Collection<JobId> jobs) throws SQLException;

  /**
   * What of a job is not over.
   *
   * @param begun executions that run, on any node, or wait for another attempt
   * @param queued how many wait for those
   */
  record Open(List<ExecutionId> begun, int queued) {
    public static final Open NOTHING = new Open(List.of(), 0);

    public Open {
      begun = List.copyOf(begun);
    }

    public boolean isIdle() {
      return begun.isEmpty() && queued == 0;
    }
  }
}
