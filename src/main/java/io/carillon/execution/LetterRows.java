package io.carillon.execution;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** The rows of dead letters, inside the store's transactions. */
public interface LetterRows {
  /** Of an engine that redrives nothing. */
  LetterRows NONE =
      new LetterRows() {
        @Override
        public Map<ExecutionId, Locked> lock(
            Connection connection, String namespace, Collection<ExecutionId> ids) {
          return Map.of();
        }

        @Override
        public void revive(
            Connection connection, String namespace, Map<ExecutionId, Instant> due) {}
      };

  /**
   * Those that there are, locked; not those whose execution goes on already. One statement per 500.
   */
  Map<ExecutionId, Locked> lock(
      Connection connection, String namespace, Collection<ExecutionId> ids) throws SQLException;

  /**
   * Lets the executions of letters that are locked wait for another attempt, with none counted and
   * no death; what was their last attempt is noted as one. The letters go. Three statements per
   * 500.
   *
   * @param due when each is attempted
   */
  void revive(Connection connection, String namespace, Map<ExecutionId, Instant> due)
      throws SQLException;

  /**
   * A letter.
   *
   * @param attempt number of its last attempt
   */
  record Locked(JobId job, int attempt) {}
}
