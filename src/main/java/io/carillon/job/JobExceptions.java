package io.carillon.job;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link JobScheduler} can answer instead of a result. All unchecked. */
public final class JobExceptions {
  private JobExceptions() {}

  /** No job of this id in this namespace. */
  public static final class UnknownJob extends RuntimeException {
    public UnknownJob(JobId id) {
      super("no job " + id);
    }
  }

  /** The id is taken. */
  public static final class JobExists extends RuntimeException {
    private final JobId id;

    public JobExists(JobId id) {
      super("job " + id + " exists");
      this.id = id;
    }

    public JobId id() {
      return id;
    }
  }

  /** Other jobs have the keys of these, and the jobs want to be refused then. */
  public static final class DuplicateJob extends RuntimeException {
    private final Map<JobId, JobId> existing;

    /**
     * @param existing by the id that was refused, the job that has its key; not empty
     */
    public DuplicateJob(Map<JobId, JobId> existing) {
      super("there are jobs of these keys: " + existing.values());
      this.existing = Map.copyOf(existing);
    }

    public Map<JobId, JobId> existing() {
      return existing;
    }
  }

  /** No queue of this name: nobody has said anything of it, and nothing is planned in it. */
  public static final class UnknownQueue extends RuntimeException {
    public UnknownQueue(String name) {
      super("no queue " + name);
    }
  }

  /** Nothing is planned that could be skipped. */
  public static final class NothingPlanned extends RuntimeException {
    public NothingPlanned(JobId id) {
      super("job " + id + " has no planned instant that could be skipped");
    }
  }

  /** The job's state does not allow this. */
  public static final class WrongState extends RuntimeException {
    public WrongState(JobId id, JobState state, String act) {
      super("job " + id + " is " + state + ": cannot " + act);
    }
  }

  /** The caller's version is not the current one. */
  public static final class StaleVersion extends RuntimeException {
    private final String kind;
    private final long current;

    public StaleVersion(JobId id, long expected, long current) {
      this("job", id.toString(), expected, current);
    }

    /**
     * @param kind of thing that has the version: {@code job}, {@code queue}
     */
    public StaleVersion(String kind, String name, long expected, long current) {
      super(kind + " " + name + " is at version " + current + ", not " + expected);
      this.kind = kind;
      this.current = current;
    }

    public String kind() {
      return kind;
    }

    public long current() {
      return current;
    }
  }

  /**
   * The database is away, or the server is stopping. Nothing was accepted, unless {@link
   * #unknown()}.
   */
  public static class StoreUnavailable extends RuntimeException {
    private final @Nullable JobId unknown;

    public StoreUnavailable(String what, @Nullable Throwable cause) {
      this(what, null, cause);
    }

    public StoreUnavailable(String what, @Nullable JobId unknown, @Nullable Throwable cause) {
      super(what, cause);
      this.unknown = unknown;
    }

    /**
     * What a caller is told of a failed statement that was run again, if that could help.
     *
     * @return {@link StoreBusy} if it lost each time to others
     */
    public static StoreUnavailable of(SQLException failed) {
      return failed instanceof SQLTransactionRollbackException
          ? new StoreBusy(failed)
          : new StoreUnavailable("the database does not answer", failed);
    }

    /** The id of a job whose commit ended without an answer: it may be stored or not. */
    public @Nullable JobId unknown() {
      return unknown;
    }
  }

  /** A range that cannot be backfilled. */
  public static final class NothingToFill extends RuntimeException {
    private final String code;

    public NothingToFill(String code, String what) {
      super(what);
      this.code = code;
    }

    /** Stable. */
    public String code() {
      return code;
    }
  }

  /** More is asked of the database than it can store in time. Nothing was accepted. */
  public static final class StoreBusy extends StoreUnavailable {
    public StoreBusy(@Nullable Throwable cause) {
      super("there are more writes than the database can store in time", cause);
    }
  }
}
