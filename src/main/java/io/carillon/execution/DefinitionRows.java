package io.carillon.execution;

import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of jobs, their definitions and pauses, inside the store's transactions: what {@link
 * StoreParticipant} says of its methods holds for these.
 */
public interface DefinitionRows {

  /**
   * The text of a definition as it will be stored. Needs no transaction, so that the work can be
   * done before one begins; any thread may ask.
   */
  String definition(Job job);

  /** Of the ids given, those that jobs have. Takes no lock. */
  Set<JobId> taken(Connection connection, Collection<JobId> ids) throws SQLException;

  /**
   * Inserts new jobs as ACTIVE, generation 1, version 1. An id that is taken fails with error 1062,
   * after which the transaction has to be rolled back.
   *
   * @param jobs no two of one id
   */
  void insertJobs(Connection connection, Collection<NewJob> jobs) throws SQLException;

  /** Reads jobs for an update of theirs (locking the rows); absent ids are absent. */
  Map<JobId, StoredJob> lockJobs(Connection connection, Collection<JobId> ids) throws SQLException;

  /**
   * Reads jobs as they are, without locks, and no more text at once than a node can hold. Two
   * statements at most for 500.
   *
   * @param ids in the order in which they are wanted
   */
  Definitions readJobs(Connection connection, Collection<JobId> ids) throws SQLException;

  /**
   * What was read.
   *
   * @param jobs by id; one that is not there, or whose definition cannot be read, is absent
   * @param tooMuch jobs at the end of what was wanted that were not read, as the others fill the
   *     memory
   */
  record Definitions(Map<JobId, StoredJob> jobs, Set<JobId> tooMuch) {}

  /**
   * Writes a changed job row: definition, state, pause, generation and version as given ({@code
   * version} is the new one), a row of {@code job_version} when the definition changed (and one of
   * the first definition, if this is its first change), and {@code finished_at} when the state is
   * final.
   */
  void updateJob(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException;

  /**
   * From now on planned instants of a job fall into a pause.
   *
   * @param next the first planned instant that was neither run nor skipped; null if none is planned
   */
  void pauseBegins(Connection connection, JobId id, @Nullable Instant next, Instant now)
      throws SQLException;

  /**
   * The pause of a job is over.
   *
   * @param forgotten whether the instants that fell into it are treated as late ones
   */
  void pauseEnds(Connection connection, JobId id, boolean forgotten, Instant now)
      throws SQLException;

  /** What calendars exclude of jobs that name some. Two statements at most, none without any. */
  Map<JobId, Exclusions> exclusions(Connection connection, Collection<Job> jobs)
      throws SQLException;

  /** When the present generation of each job's schedule was accepted. */
  Map<JobId, Instant> acceptedAt(Connection connection, Collection<StoredJob> jobs)
      throws SQLException;

  /** Sets jobs of which nothing is planned or running any more to COMPLETED (only ACTIVE ones). */
  void jobsFinished(Connection connection, Collection<JobId> ids, Instant now) throws SQLException;

  /** A job that is to be inserted, with what {@link #definition} made of it. */
  record NewJob(Job job, String definition, Instant createdAt) {
    public JobId id() {
      return job.id();
    }
  }
}
