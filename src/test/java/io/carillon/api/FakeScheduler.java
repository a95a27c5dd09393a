package io.carillon.api;

import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.NothingPlanned;
import io.carillon.job.JobExceptions.NothingToFill;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.job.Timetable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The engine over maps. Nothing ever fires by itself. */
final class FakeScheduler implements JobScheduler {
  final Map<JobId, StoredJob> stored = new LinkedHashMap<>();
  final Map<ExecutionId, Execution> executions = new LinkedHashMap<>();
  final AtomicInteger creates = new AtomicInteger();
  final FakeQueries queries = new FakeQueries(this);
  private final InstantSource clock;
  private volatile @Nullable RuntimeException failure;
  private volatile Runnable beforeCreate = () -> {};
  private volatile String refused = "";
  final FakeKeys keys = new FakeKeys();
  Map<String, Object> lastOverrides = Map.of();
  final List<String> runKeys = new ArrayList<>();

  FakeScheduler(InstantSource clock) {
    this.clock = clock;
  }

  void failWith(@Nullable RuntimeException failure) {
    this.failure = failure;
  }

  void goAway() {
    failWith(new StoreUnavailable("away", null));
  }

  void refuse(String name) {
    refused = name;
  }

  void beforeCreate(Runnable action) {
    beforeCreate = action;
  }

  private void check() {
    RuntimeException now = failure;
    if (now != null) {
      throw now;
    }
  }

  /** The jobs as they are now. */
  synchronized Map<JobId, StoredJob> checkedJobs() {
    check();
    return new LinkedHashMap<>(stored);
  }

  /** The executions as they are now. */
  synchronized Map<ExecutionId, Execution> checkedExecutions() {
    check();
    return new LinkedHashMap<>(executions);
  }

  /** As the engine would have planned it. */
  synchronized void nextFireTime(String id, Instant instant) {
    keep(get(JobId.of(id)).withNextFireTime(instant));
  }

  @Override
  public StoredJob create(Job job) {
    beforeCreate.run();
    check();
    synchronized (this) {
      if (stored.containsKey(job.id())) {
        throw new JobExists(job.id());
      }
      creates.incrementAndGet();
      return keep(fresh(job));
    }
  }

  @Override
  public Created submit(Job job) {
    return keys.met(job, stored).orElseGet(() -> new Created(job.id(), create(job)));
  }

  private StoredJob keep(StoredJob job) {
    return stored.compute(job.id(), (id, old) -> job);
  }

  private StoredJob fresh(Job job) {
    Instant now = clock.instant();
    return new StoredJob(
        job,
        JobState.ACTIVE,
        1,
        1,
        0,
        null,
        null,
        now,
        now,
        null,
        Timetable.of(job.schedule(), now, Exclusions.NONE).first().orElse(null));
  }

  @Override
  public synchronized List<Created> createAll(List<Job> jobs, boolean atomic) {
    check();
    if (atomic) {
      for (Job job : jobs) {
        if (stored.containsKey(job.id())) {
          throw new JobExists(job.id());
        }
      }
      keys.refuse(jobs, stored);
    }
    List<Created> created = new ArrayList<>();
    for (Job job : jobs) {
      boolean taken = stored.containsKey(job.id());
      created.add(
          refused.equals(job.name())
              ? Created.refused(job.id())
              : keys.met(job, stored)
                  .orElseGet(() -> new Created(job.id(), taken ? null : keep(fresh(job)))));
    }
    return created;
  }

  @Override
  public synchronized Put put(Job job, boolean mustBeNew, OptionalLong expected) {
    check();
    StoredJob old = stored.get(job.id());
    if (old == null) {
      if (expected.isPresent()) {
        throw new UnknownJob(job.id());
      }
      return new Put(keep(fresh(job)), true);
    }
    if (mustBeNew) {
      throw new JobExists(job.id());
    }
    checkVersion(old, expected);
    return new Put(keep(with(old, job, JobState.ACTIVE, old.pause())), false);
  }

  @Override
  public synchronized StoredJob change(JobId id, OptionalLong expected, UnaryOperator<Job> change) {
    check();
    StoredJob old = get(id);
    refuseCancelled(old, "change");
    checkVersion(old, expected);
    return keep(with(old, change.apply(old.job()), old.state(), old.pause()));
  }

  @Override
  public synchronized Cancelled cancel(JobId id, OptionalLong expected, boolean cancelRunning) {
    check();
    StoredJob old = get(id);
    checkVersion(old, expected);
    List<String> running =
        executions.values().stream()
            .filter(e -> e.jobId().equals(id) && e.state() == ExecutionState.RUNNING)
            .map(e -> e.id().value())
            .toList();
    if (old.state() == JobState.CANCELLED) {
      return new Cancelled(old, running);
    }
    StoredJob changed = with(old, old.job(), JobState.CANCELLED, null).withNextFireTime(null);
    return new Cancelled(keep(changed), running);
  }

  @Override
  public synchronized StoredJob pause(JobId id, @Nullable String reason, @Nullable Instant until) {
    check();
    StoredJob old = get(id);
    refuseFinished(old, "pause");
    return keep(with(old, old.job(), JobState.PAUSED, new StoredJob.Pause(reason, until)));
  }

  @Override
  public synchronized StoredJob resume(JobId id) {
    check();
    StoredJob old = get(id);
    refuseFinished(old, "resume");
    return old.state() == JobState.ACTIVE ? old : keep(with(old, old.job(), JobState.ACTIVE, null));
  }

  @Override
  public List<JobId> pauseAll(List<JobId> ids, @Nullable String reason, @Nullable Instant until) {
    ids.forEach(id -> pause(id, reason, until));
    return ids;
  }

  @Override
  public List<JobId> resumeAll(List<JobId> ids) {
    ids.forEach(this::resume);
    return ids;
  }

  /** An hour from one instant to the next. */
  @Override
  public synchronized Skipped skipNext(JobId id, int count, @Nullable String reason) {
    check();
    StoredJob job = get(id);
    refuseCancelled(job, "skip");
    Instant next = job.nextFireTime();
    if (next == null) {
      throw new NothingPlanned(id);
    }
    List<Instant> instants = Stream.iterate(next, at -> at.plusSeconds(3600)).limit(count).toList();
    return new Skipped(keep(job.withNextFireTime(next.plusSeconds(3600L * count))), instants);
  }

  @Override
  public synchronized String run(JobId id, String key, Map<String, Object> overrides) {
    runKeys.add(key);
    check();
    refuseCancelled(get(id), "run");
    lastOverrides = overrides;
    return ExecutionId.byHand(id, key, clock.instant()).value();
  }

  /** Two instants are planned in every range, and one of them had been run. */
  @Override
  public Backfilled backfill(JobId id, Instant from, Instant to, boolean preview) {
    check();
    if (!get(id).job().schedule().recurring()) {
      throw new NothingToFill("backfill_not_recurring", "it does not repeat");
    }
    return new Backfilled(
        2, 1, preview ? List.of() : List.of(ExecutionId.backfilled(id, from).value()));
  }

  private StoredJob get(JobId id) {
    StoredJob job = stored.get(id);
    if (job == null) {
      throw new UnknownJob(id);
    }
    return job;
  }

  private static void checkVersion(StoredJob job, OptionalLong expected) {
    if (expected.isPresent() && expected.getAsLong() != job.version()) {
      throw new StaleVersion(job.id(), expected.getAsLong(), job.version());
    }
  }

  private static void refuseCancelled(StoredJob job, String act) {
    if (job.state() == JobState.CANCELLED) {
      throw new WrongState(job.id(), job.state(), act);
    }
  }

  private static void refuseFinished(StoredJob job, String act) {
    if (job.state() == JobState.CANCELLED || job.state() == JobState.COMPLETED) {
      throw new WrongState(job.id(), job.state(), act);
    }
  }

  private StoredJob with(StoredJob old, Job job, JobState state, StoredJob.@Nullable Pause pause) {
    Instant now = clock.instant();
    return new StoredJob(
        job,
        state,
        old.generation() + (job.schedule().equals(old.job().schedule()) ? 0 : 1),
        old.version() + 1,
        old.runs(),
        old.lastScheduledAt(),
        pause,
        old.createdAt(),
        now,
        state == JobState.CANCELLED ? now : null,
        state == JobState.ACTIVE
            ? Timetable.of(job.schedule(), now, Exclusions.NONE).first().orElse(null)
            : null);
  }
}
