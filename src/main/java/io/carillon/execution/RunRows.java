package io.carillon.execution;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of single executions, and of those that await their target's word, inside the store's
 * transactions. As for {@link StoreParticipant}, statements are constant per batch; locks are taken
 * on {@code awaited} before {@code execution}.
 */
public interface RunRows {
  /** Of a store whose executions await nothing. */
  RunRows NONE = new NoRunRows();

  /** How an execution stands. Takes no lock. */
  Optional<Run> find(Connection connection, ExecutionId id) throws SQLException;

  /** The calls were answered by "later": from now on their targets' words are awaited. */
  void await(Connection connection, List<Completion> completions) throws SQLException;

  /**
   * Executions whose word did not come in time, by the database's clock, or that shall be
   * cancelled. Takes no lock.
   *
   * @param attentive for how long targets could report without a gap: one that has more time for
   *     its word than that may have tried in vain, and is not late yet
   */
  List<Run> due(Connection connection, Duration attentive, int most) throws SQLException;

  /** Of these, those that are due still; locks them. */
  Set<ExecutionId> stillDue(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /** Of these, those that run and of which nothing is awaited are due from now on. */
  void adopt(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /** Nothing is awaited of those that are due, since they do not await anything. */
  void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /** Nothing is awaited of these any more. */
  void release(Connection connection, Collection<ExecutionId> ids) throws SQLException;

  /**
   * Notes that running executions shall be cancelled, so that their nodes break the calls off.
   *
   * @param nodes instance names, of those that a node runs; the others await their target's word
   */
  void cancelling(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException;

  /** Ends an execution that waits, as CANCELLED. */
  void cancel(Connection connection, ExecutionId id, Instant now) throws SQLException;

  /** Lets an execution that is over wait for its next attempt, as if it had had none. */
  void again(Connection connection, ExecutionId id) throws SQLException;

  /**
   * Ends executions that were running on a node that is gone and must not be called again.
   *
   * @param state FAILED or CANCELLED
   * @param reason of the execution
   * @param lostBy of the attempt: {@link Reasons#NODE_LOST} or {@link Reasons#DRAINED}
   */
  void lost(
      Connection connection,
      Collection<ExecutionId> ids,
      ExecutionState state,
      String reason,
      String lostBy,
      Instant now)
      throws SQLException;

  /**
   * How an execution stands.
   *
   * @param attempt number of the current or last attempt
   * @param uncounted attempts that do not use up {@code maxAttempts}
   * @param node that made it
   * @param cancelling whether somebody wants it cancelled
   * @param missed what its target was late with; null unless it is due
   */
  record Run(
      ExecutionId id,
      JobId jobId,
      ExecutionState state,
      int generation,
      int attempt,
      int uncounted,
      @Nullable String node,
      @Nullable Instant startedAt,
      @Nullable Integer httpStatus,
      boolean cancelling,
      @Nullable Missed missed) {}

  /** What a target was late with. */
  enum Missed {
    OUTCOME,
    HEARTBEAT
  }
}
