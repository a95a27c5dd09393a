package io.carillon.quartz;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.StoreEngine;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores and changes jobs in the store's transactions. Thread-safe. */
final class QuartzJobScheduler implements JobScheduler {
  private static final int CHUNK = 200;

  private final StoreEngine store;
  private final TargetCaller caller;
  private final InstantSource clock;
  private final GroupedCreation grouped;

  QuartzJobScheduler(StoreEngine store, TargetCaller caller, InstantSource clock) {
    this.store = store;
    this.caller = caller;
    this.clock = clock;
    this.grouped = new GroupedCreation(this::store);
  }

  @Override
  public StoredJob create(Job job) {
    StoredJob stored = grouped.create(job).stored();
    if (stored == null) {
      throw new JobExists(job.id());
    }
    return stored;
  }

  @Override
  public List<Created> createAll(List<Job> jobs, boolean atomic) {
    if (atomic) {
      List<Created> created =
          inTransaction(null, session -> JobCreation.insertAll(session, jobs, true, now()));
      store.wake();
      return created;
    }
    List<Created> created = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += CHUNK) {
      created.addAll(store(jobs.subList(from, Math.min(jobs.size(), from + CHUNK))));
    }
    return created;
  }

  private List<Created> store(List<Job> jobs) {
    List<Created> created;
    try {
      created =
          inTransaction(
              jobs.get(0).id(), session -> JobCreation.insertAll(session, jobs, false, now()));
    } catch (StoreUnavailable e) {
      if (e.unknown() == null) {
        throw e;
      }
      created = lookUp(jobs, e);
    }
    store.wake();
    return created;
  }

  /**
   * After a commit without an answer: our own jobs as they are stored, or stored now. They were one
   * transaction: all or none; and whoever holds the lock row after it sees its end.
   */
  private List<Created> lookUp(List<Job> jobs, StoreUnavailable unknown) {
    List<JobId> ids = jobs.stream().map(Job::id).toList();
    Map<JobId, StoredJob> found;
    try {
      found = store.inTransaction(session -> session.lockJobs(ids));
    } catch (SQLException e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (found.isEmpty()) {
      // It was rolled back, and the database is there again.
      return inTransaction(
          ids.get(0), session -> JobCreation.insertAll(session, jobs, false, now()));
    }
    return ids.stream().map(id -> new Created(id, found.get(id))).toList();
  }

  @Override
  public Put put(Job job, boolean mustBeNew, OptionalLong expectedVersion) {
    Put put =
        inTransaction(
            job.id(),
            session -> {
              StoredJob old = session.lockJobs(Set.of(job.id())).get(job.id());
              if (old == null) {
                if (expectedVersion.isPresent()) {
                  throw new UnknownJob(job.id());
                }
                StoredJob stored =
                    JobCreation.insertAll(session, List.of(job), true, now()).get(0).stored();
                return new Put(stored, true);
              }
              if (mustBeNew) {
                throw new JobExists(job.id());
              }
              check(old, expectedVersion);
              boolean same = old.job().equals(job);
              if (same && old.state() != JobState.CANCELLED) {
                return new Put(withNext(session, old), false);
              }
              boolean restart = old.state() == JobState.CANCELLED;
              return new Put(JobChange.apply(session, old, job, restart, now()), false);
            });
    store.wake();
    return put;
  }

  @Override
  public StoredJob change(JobId id, OptionalLong expectedVersion, UnaryOperator<Job> change) {
    StoredJob changed =
        inTransaction(
            null,
            session -> {
              StoredJob old = require(session, id);
              check(old, expectedVersion);
              if (old.state() == JobState.CANCELLED) {
                throw new WrongState(id, old.state(), "change it");
              }
              Job next = change.apply(old.job());
              if (next.equals(old.job())) {
                return withNext(session, old);
              }
              return JobChange.apply(session, old, next, false, now());
            });
    store.wake();
    return changed;
  }

  @Override
  public Cancelled cancel(JobId id, OptionalLong expectedVersion, boolean cancelRunning) {
    Cancelled cancelled =
        inTransaction(
            null,
            session -> {
              StoredJob old = require(session, id);
              check(old, expectedVersion);
              List<String> running = session.removeJob(id);
              if (old.state() == JobState.CANCELLED) {
                return new Cancelled(old, running);
              }
              Instant now = now();
              StoredJob next = JobChange.state(old, JobState.CANCELLED, null, now);
              session.ours(
                  (ours, c) -> {
                    ours.cancelled(c, id, now);
                    ours.updateJob(c, next, false);
                    return null;
                  });
              return new Cancelled(next, running);
            });
    if (cancelRunning) {
      cancelled.running().forEach(running -> ExecutionId.parse(running).ifPresent(caller::cancel));
    }
    return cancelled;
  }

  @Override
  public StoredJob pause(JobId id, @Nullable String reason, @Nullable Instant until) {
    return inTransaction(
        null,
        session -> {
          StoredJob old = require(session, id);
          if (old.state() != JobState.ACTIVE && old.state() != JobState.PAUSED) {
            throw new WrongState(id, old.state(), "pause it");
          }
          session.pause(id);
          StoredJob next =
              JobChange.state(old, JobState.PAUSED, new StoredJob.Pause(reason, until), now());
          session.update(next, false);
          return next;
        });
  }

  @Override
  public StoredJob resume(JobId id) {
    StoredJob resumed =
        inTransaction(
            null,
            session -> {
              StoredJob old = require(session, id);
              if (old.state() == JobState.ACTIVE) {
                return withNext(session, old);
              }
              if (old.state() != JobState.PAUSED) {
                throw new WrongState(id, old.state(), "resume it");
              }
              Instant now = now();
              StoredJob next = JobChange.state(old, JobState.ACTIVE, null, now);
              session.update(next, false);
              session.resume(id, now);
              StoredJob settled = session.lockJobs(Set.of(id)).get(id);
              return withNext(session, settled == null ? next : settled);
            });
    store.wake();
    return resumed;
  }

  @Override
  public String run(JobId id, String key, Map<String, Object> overrides) {
    ExecutionId execution =
        inTransaction(
            null,
            session -> {
              StoredJob job = require(session, id);
              if (job.state() == JobState.CANCELLED) {
                throw new WrongState(id, job.state(), "run it");
              }
              ExecutionId run = ExecutionId.byHand(id, key, now());
              boolean isNew = session.ours((ours, c) -> ours.insertRun(c, run, job, overrides));
              if (isNew) {
                session.store(List.of(PlannedJobs.withPlan(job.job(), null, false)));
                session.plantRun(run, job, now());
              }
              return run;
            });
    store.wake();
    return execution.value();
  }

  private static StoredJob require(StoreSession session, JobId id) throws SQLException {
    StoredJob found = session.lockJobs(Set.of(id)).get(id);
    if (found == null) {
      throw new UnknownJob(id);
    }
    return found;
  }

  private static void check(StoredJob job, OptionalLong expectedVersion) {
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != job.version()) {
      throw new StaleVersion(job.id(), expectedVersion.getAsLong(), job.version());
    }
  }

  private static StoredJob withNext(StoreSession session, StoredJob job) throws SQLException {
    return job.state() == JobState.ACTIVE
        ? job.withNextFireTime(session.nextPlanned(job.id()).orElse(null))
        : job;
  }

  /** Whole milliseconds: what the tables hold. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private <T> T inTransaction(@Nullable JobId creates, StoreEngine.Work<T> work) {
    try {
      return store.inTransaction(work);
    } catch (SQLException e) {
      if (StoreEngine.isOutcomeUnknown(e)) {
        throw new StoreUnavailable("the database went away during the commit", creates, e);
      }
      if (StoreEngine.isAboutTheRows(e)) {
        throw new IllegalStateException("the database refuses what was to be stored", e);
      }
      throw StoreEngine.isBusy(e)
          ? new StoreBusy(e)
          : new StoreUnavailable("the database cannot be written to now", e);
    }
  }
}
