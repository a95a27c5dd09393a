package io.carillon.job;

import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.WrongState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stores and changes definitions. Every method returns only when the change is on disk, and each
 * change of the job row, Quartz's rows and history is one transaction. Thread-safe. All methods
 * throw {@link StoreUnavailable} while the database is away: then nothing was accepted, or, after a
 * commit of unknown outcome, the exception says so.
 */
public interface JobScheduler {
  /**
   * Stores a new job.
   *
   * @return the job; or the one that it met under one of its keys, and that stands in its place
   * @throws JobExists if the id is taken
   * @throws DuplicateJob if another job has its key, and it is to be refused then
   */
  StoredJob create(Job job);

  /**
   * As {@link #create}, but says what it met.
   *
   * @throws JobExists if the id is taken
   */
  default Created submit(Job job) {
    return new Created(job.id(), create(job));
  }

  /**
   * Stores many, in few transactions; answers in order. Those that the database refuses keep no
   * others from being stored. If the database goes away in between, the exception names a job that
   * is stored, as one whose outcome is unknown.
   *
   * @param atomic all or nothing: the first taken id throws {@link JobExists}, jobs that other jobs
   *     refuse by their keys throw {@link DuplicateJob}, and nothing is stored; what the database
   *     refuses throws {@link IllegalStateException}
   */
  List<Created> createAll(List<Job> jobs, boolean atomic);

  /**
   * Stores a job under the caller's own id, new or in place of the one that is there.
   *
   * @param mustBeNew {@code If-None-Match: *}; then {@link JobExists} if it is there
   * @param expectedVersion {@code If-Match}; then {@link StaleVersion} if it is another, {@link
   *     UnknownJob} if there is none
   */
  Put put(Job job, boolean mustBeNew, OptionalLong expectedVersion);

  /**
   * Changes a definition. The generation rises only when the schedule differs; then the first new
   * instant is strictly later than the last one fired.
   *
   * @param change from the current definition to the new one (same id); may run more than once; its
   *     exceptions pass through
   * @throws UnknownJob if there is none, WrongState if it is CANCELLED, StaleVersion if the version
   *     is another
   */
  StoredJob change(JobId id, OptionalLong expectedVersion, UnaryOperator<Job> change);

  /** Cancels: no further instant, no further retry. Already cancelled: the same answer again. */
  Cancelled cancel(JobId id, OptionalLong expectedVersion, boolean cancelRunning);

  /**
   * Pauses, retries included. Already paused: reason and until are replaced. @throws WrongState if
   * finished
   */
  StoredJob pause(JobId id, @Nullable String reason, @Nullable Instant until);

  /** Resumes. Not paused: nothing changes. @throws WrongState if finished */
  StoredJob resume(JobId id);

  /**
   * Pauses those of the jobs that are ACTIVE, as {@link #pause} does, some at a time; what is
   * paused already keeps its own reason. If the database goes away in between, some are paused.
   *
   * @return those that were paused by this call
   */
  List<JobId> pauseAll(List<JobId> ids, @Nullable String reason, @Nullable Instant until);

  /** Resumes those of the jobs that are PAUSED, likewise. */
  List<JobId> resumeAll(List<JobId> ids);

  /**
   * Skips the next planned instants of a job: their executions are SKIPPED, and none of them is
   * run. What is paused skips the first instants that it would run after a resume from now on. A
   * job that has nothing left after that is COMPLETED.
   *
   * @param count at most so many; fewer if fewer are planned
   * @param reason in the client's words
   * @throws JobExceptions.NothingPlanned if nothing is planned
   * @throws WrongState if CANCELLED
   */
  Skipped skipNext(JobId id, int count, @Nullable String reason);

  /**
   * Runs a job now, beside its plan; works on PAUSED and COMPLETED jobs too.
   *
   * @param key the request's own key (the same key is the same execution)
   * @param overrides {@code body}, {@code headers}, {@code parameters} that replace the target's,
   *     JSON-like; may be empty
   * @return the execution's id
   * @throws WrongState if CANCELLED
   */
  String run(JobId id, String key, Map<String, Object> overrides);

  /**
   * Runs planned instants of the past after the fact: those of the present schedule, as if it had
   * been in force, of which none was run. Where runs must not overlap they wait for one another.
   * Asked for twice, nothing runs twice.
   *
   * @param from the first instant that counts
   * @param to the last instant that counts
   * @param preview whether to count only
   * @throws WrongState if CANCELLED; {@link JobExceptions.NothingToFill} if the schedule does not
   *     repeat by itself, or has more than {@value #MOST_BACKFILLED} instants there
   */
  Backfilled backfill(JobId id, Instant from, Instant to, boolean preview);

  /** So many instants are backfilled by one call at most. */
  int MOST_BACKFILLED = 1_000;

  /**
   * What a backfill runs, or would run.
   *
   * @param planned instants in the range
   * @param begun how many of them had been run before, or will be
   * @param executions ids of what it runs, oldest first; empty for a preview
   */
  record Backfilled(int planned, int begun, List<String> executions) {}

  /**
   * What became of one of several.
   *
   * @param stored null if it was not stored: its id was taken, it is refused, or it met another
   * @param refused whether the database does not take it, which is a defect of ours
   * @param met the job that has its key, if one had
   */
  record Created(JobId id, @Nullable StoredJob stored, boolean refused, @Nullable Met met) {
    /** Stored, or taken. */
    public Created(JobId id, @Nullable StoredJob stored) {
      this(id, stored, false, null);
    }

    public static Created refused(JobId id) {
      return new Created(id, null, true, null);
    }

    public static Created met(JobId id, Met met) {
      return new Created(id, null, false, met);
    }
  }

  /**
   * A job that was found under a key of a new one, and what became of it.
   *
   * @param job as it is now; without its next instant, unless it was changed
   */
  record Met(How how, StoredJob job) {
    /** What became of it. */
    public enum How {
      /** Nothing: the new one is refused. */
      REJECTED,
      /** Nothing: it is the answer. */
      RETURNED,
      /** It has the new definition. */
      REPLACED,
      /** It has the new definition, and runs later. */
      POSTPONED
    }
  }

  /** What a put did. */
  record Put(StoredJob stored, boolean created) {}

  /**
   * What a skip did.
   *
   * @param stored with its next instant, if it is ACTIVE
   * @param instants in order, at least one
   */
  record Skipped(StoredJob stored, List<Instant> instants) {}

  /** What a cancel found running: ids of executions. */
  record Cancelled(StoredJob stored, List<String> running) {}
}
