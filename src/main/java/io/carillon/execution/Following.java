package io.carillon.execution;

import io.carillon.execution.Follower.NewRun;
import io.carillon.execution.Follower.Refused;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells what starts when executions end: callbacks, links of chains, links of groups. Works inside
 * the store's transactions, on the given connection: no method commits, rolls back, closes it, or
 * waits, and the number of statements does not grow with the batch. Whatever is wrong with one link
 * is an answer, never an exception. Thread-safe.
 */
public interface Following {
  /** Nothing follows anything. */
  Following NONE = new NothingFollows();

  /**
   * Whether anything may follow when an execution of this job gets into this state. Pure and quick:
   * asked for each completion.
   */
  boolean concerns(Job job, ExecutionState state);

  /** How many followers an execution of this job has at most. Pure. */
  int most(Job job);

  /**
   * What follows, in no particular order; ids follow from the executions, so that the same twice is
   * the same.
   *
   * @param executions as they stand now, with the definition they ran under
   * @param over jobs beside those that are over and may be of a group
   */
  List<Follower> of(
      Connection connection, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now)
      throws SQLException;

  /** Whether {@link #ofGroups} would find any. One statement, without locks. */
  boolean isAnyGroupOver(Connection connection) throws SQLException;

  /**
   * Jobs of groups that are over though their group does not know it, at most 500. One statement
   * through all open jobs of groups, without locks.
   */
  Set<JobId> overInGroups(Connection connection) throws SQLException;

  /**
   * What follows groups whose end nobody has seen yet.
   *
   * @param over as {@link #overInGroups} found them
   */
  List<Follower> ofGroups(Connection connection, Set<JobId> over, Instant now) throws SQLException;

  /**
   * Writes the execution rows of runs, QUEUED.
   *
   * @param jobs those that there are, locked
   * @return those that are new and ready to be planted, and what cannot be run and why
   */
  Runs run(Connection connection, List<NewRun> runs, Map<JobId, StoredJob> jobs)
      throws SQLException;

  /** Runs that have their row, and those that cannot have one. */
  record Runs(List<NewRun> ready, List<Refused> refused) {}

  /** Keeps what followed and what did not, for whoever asks. One statement. */
  void keep(Connection connection, Collection<? extends Follower> followers, Instant now)
      throws SQLException;

  /** Ids of the executions of a job that wait to be run or tried again, at most so many. */
  List<ExecutionId> waiting(Connection connection, JobId job, int most) throws SQLException;
}
