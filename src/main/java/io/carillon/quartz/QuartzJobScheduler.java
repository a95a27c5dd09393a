package io.carillon.quartz;

import io.carillon.execution.ExecutionId;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.JobCreation.Ids;
import io.carillon.quartz.store.StoreEngine;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores and changes jobs in the store's transactions. Thread-safe. */
final class QuartzJobScheduler implements JobScheduler {
  private final StoreEngine store;
  private final JobTransactions transactions;
  private final JobIntake intake;
  private final JobPauses pauses;
  private final KeyedCreation keyed;
  private final Consumer<ExecutionId> breakOff;
  private final FollowingJobs following;
  private final CancelledRuns cancelledRuns;
  private final InstantSource clock;

  /**
   * @param breakOff breaks a call off at once, if it runs here; the others are told by the database
   */
  QuartzJobScheduler(
      StoreEngine store,
      Consumer<ExecutionId> breakOff,
      FollowingJobs following,
      KeyedCreation keyed,
      InstantSource clock) {
    this.store = store;
    this.following = following;
    this.breakOff = breakOff;
    this.clock = clock;
    this.keyed = keyed;
    this.transactions = new JobTransactions(store);
    this.cancelledRuns = new CancelledRuns(transactions, following);
    this.intake = new JobIntake(store, transactions, keyed, clock);
    this.pauses = new JobPauses(transactions, clock);
  }

  @Override
  public StoredJob create(Job job) {
    return intake.create(job);
  }

  @Override
  public Created submit(Job job) {
    return intake.submit(job);
  }

  @Override
  public List<Created> createAll(List<Job> jobs, boolean atomic) {
    return intake.createAll(jobs, atomic);
  }

  @Override
  public Put put(Job job, boolean mustBeNew, OptionalLong expectedVersion) {
    FreshJob fresh = intake.fresh(job);
    Put put =
        inTransaction(
            job.id(),
            session -> {
              StoredJob old = session.lockJobs(Set.of(job.id())).get(job.id());
              if (old == null) {
                if (expectedVersion.isPresent()) {
                  throw new UnknownJob(job.id());
                }
                keyed.change(session, null, job, now());
                StoredJob stored =
                    JobCreation.insertAll(session, List.of(fresh), true, Ids.LOOK).get(0).stored();
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
              keyed.change(session, old, job, now());
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
              keyed.change(session, old, next, now());
              return JobChange.apply(session, old, next, false, now());
            });
    store.wake();
    return changed;
  }

  @Override
  public Cancelled cancel(JobId id, OptionalLong expectedVersion, boolean cancelRunning) {
    Cancellation cancellation =
        inTransaction(
            null,
            session -> {
              StoredJob old = require(session, id);
              check(old, expectedVersion);
              List<String> running = session.removeJob(id);
              if (cancelRunning) {
                session.runs().cancelRunning(ids(running), now());
              }
              if (old.state() == JobState.CANCELLED) {
                return new Cancellation(new Cancelled(old, running), List.of());
              }
              Instant now = now();
              StoredJob next = JobChange.state(old, JobState.CANCELLED, null, now);
              List<ExecutionId> waiting = following.waiting(session, old.job());
              session.ours(
                  (ours, c) -> {
                    ours.cancelled(c, id, now);
                    ours.updateJob(c, next, false);
                    return null;
                  });
              following.cancelled(session, old.job(), waiting, now);
              return new Cancellation(new Cancelled(next, running), waiting);
            });
    Cancelled cancelled = cancellation.cancelled();
    cancelledRuns.follow(cancelled.stored().job(), cancellation.waiting(), now());
    if (cancelRunning) {
      ids(cancelled.running()).forEach(breakOff);
    }
    return cancelled;
  }

  /** A job, and its executions that had waited. */
  private record Cancellation(Cancelled cancelled, List<ExecutionId> waiting) {}

  private static List<ExecutionId> ids(List<String> running) {
    return running.stream().flatMap(id -> ExecutionId.parse(id).stream()).toList();
  }

  @Override
  public StoredJob pause(JobId id, @Nullable String reason, @Nullable Instant until) {
    return pauses.pause(id, new StoredJob.Pause(reason, until));
  }

  @Override
  public StoredJob resume(JobId id) {
    StoredJob resumed = pauses.resume(id);
    store.wake();
    return resumed;
  }

  @Override
  public List<JobId> pauseAll(List<JobId> ids, @Nullable String reason, @Nullable Instant until) {
    return pauses.pauseAll(ids, new StoredJob.Pause(reason, until));
  }

  @Override
  public List<JobId> resumeAll(List<JobId> ids) {
    List<JobId> resumed = pauses.resumeAll(ids);
    store.wake();
    return resumed;
  }

  @Override
  public Skipped skipNext(JobId id, int count, @Nullable String reason) {
    Skipped skipped =
        inTransaction(
            null,
            session -> {
              StoredJob job = requireLive(session, id, "skip an instant of it");
              return SkipNext.of(session, job, now()).run(count, reason);
            });
    store.wake();
    return skipped;
  }

  @Override
  public String run(JobId id, String key, Map<String, Object> overrides) {
    ExecutionId execution =
        inTransaction(
            null,
            session -> {
              StoredJob job = requireLive(session, id, "run it");
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

  @Override
  public Backfilled backfill(JobId id, Instant from, Instant to, boolean preview) {
    Backfilled backfilled =
        inTransaction(
            null,
            session -> {
              StoredJob job = requireLive(session, id, "backfill it");
              return new Backfill(from, to, preview)
                  .run(session, job, session.exclusions(job.job()), now());
            });
    store.wake();
    return backfilled;
  }

  static StoredJob require(StoreSession session, JobId id) throws SQLException {
    StoredJob found = session.lockJobs(Set.of(id)).get(id);
    if (found == null) {
      throw new UnknownJob(id);
    }
    return found;
  }

  private static StoredJob requireLive(StoreSession session, JobId id, String act)
      throws SQLException {
    StoredJob job = require(session, id);
    if (job.state() == JobState.CANCELLED) {
      throw new WrongState(id, job.state(), act);
    }
    return job;
  }

  private static void check(StoredJob job, OptionalLong expectedVersion) {
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != job.version()) {
      throw new StaleVersion(job.id(), expectedVersion.getAsLong(), job.version());
    }
  }

  static StoredJob withNext(StoreSession session, StoredJob job) throws SQLException {
    return job.state() == JobState.ACTIVE
        ? job.withNextFireTime(session.nextPlanned(job.id()).orElse(null))
        : job;
  }

  /** Whole milliseconds: what the tables hold. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private <T> T inTransaction(@Nullable JobId creates, StoreEngine.Work<T> work) {
    return transactions.run(creates, work);
  }
}
