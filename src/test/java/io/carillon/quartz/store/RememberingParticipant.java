package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Takes every job for one of ours and remembers what it was told. It has no rows: what a
 * transaction that is run again tells twice, it remembers twice. Thread-safe.
 */
final class RememberingParticipant implements StoreParticipant {
  final List<Firing> fired = new CopyOnWriteArrayList<>();
  final List<Completion> completed = new CopyOnWriteArrayList<>();
  final List<Completion> stale = new CopyOnWriteArrayList<>();
  final List<ExecutionId> handedBack = new CopyOnWriteArrayList<>();
  final List<JobId> cancelled = new CopyOnWriteArrayList<>();
  final List<JobId> finished = new CopyOnWriteArrayList<>();
  final List<StoredJob> updated = new CopyOnWriteArrayList<>();

  /** Jobs without a row. */
  final Set<JobId> unknown = ConcurrentHashMap.newKeySet();

  /** Jobs whose next run is their last. */
  final Set<JobId> exhausted = ConcurrentHashMap.newKeySet();

  private final Map<JobId, StoredJob> jobs = new ConcurrentHashMap<>();

  void forget() {
    List.of(fired, completed, stale, handedBack, cancelled, finished, updated).forEach(List::clear);
    List.of(unknown, exhausted).forEach(Set::clear);
    jobs.clear();
  }

  /** The row of a job, as it was written last. */
  StoredJob row(JobId id) {
    return jobs.computeIfAbsent(id, RememberingParticipant::active);
  }

  private static StoredJob active(JobId id) {
    Job job = Job.of(id, new Target.Noop(), new Schedule.Now(Limits.NONE));
    Instant now = Instant.EPOCH;
    return new StoredJob(job, JobState.ACTIVE, 1, 1, 0, null, null, now, now, null, null);
  }

  @Override
  public String definition(Job job) {
    return "{}";
  }

  @Override
  public Set<JobId> taken(Connection connection, Collection<JobId> ids) {
    return Set.of();
  }

  @Override
  public void insertJobs(Connection connection, Collection<NewJob> fresh) {}

  @Override
  public Map<ExecutionId, Standing> standing(Connection connection, Collection<ExecutionId> ids) {
    return Map.of();
  }

  @Override
  public Map<JobId, Instant> acceptedAt(Connection connection, Collection<StoredJob> accepted) {
    return Map.of();
  }

  @Override
  public Map<JobId, StoredJob> lockJobs(Connection connection, Collection<JobId> ids) {
    Map<JobId, StoredJob> found = new LinkedHashMap<>();
    ids.stream().filter(id -> !unknown.contains(id)).forEach(id -> found.put(id, row(id)));
    return found;
  }

  @Override
  public Definitions readJobs(Connection connection, Collection<JobId> ids) {
    return new Definitions(lockJobs(connection, ids), Set.of());
  }

  @Override
  public void updateJob(Connection connection, StoredJob changed, boolean definitionChanged) {
    updated.add(changed);
    jobs.put(changed.id(), changed);
  }

  @Override
  public boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides) {
    return true;
  }

  @Override
  public Fired fired(
      Connection connection, List<Due> due, String node, Instant now, OpenRuns open) {
    Map<Due, Firing> firings = new LinkedHashMap<>();
    Set<JobId> missing = new LinkedHashSet<>();
    Set<JobId> last = new HashSet<>();
    for (Due one : due) {
      if (unknown.contains(one.jobId())) {
        missing.add(one.jobId());
      } else {
        Firing firing = firing(one, node, now);
        if (isNew(firing)) {
          firings.put(one, firing);
        }
      }
      if (exhausted.contains(one.jobId())) {
        last.add(one.jobId());
      }
    }
    fired.addAll(firings.values());
    return new Fired(firings, last, missing, Set.of());
  }

  /** An instant of a job, or an attempt, is fired once. */
  private boolean isNew(Firing firing) {
    return fired.stream()
        .noneMatch(other -> other.id().equals(firing.id()) && other.attempt() == firing.attempt());
  }

  private Firing firing(Due due, String node, Instant now) {
    ExecutionId id =
        due.id() == null ? ExecutionId.planned(due.jobId(), 1, due.scheduledAt()) : due.id();
    return new Firing(
        id,
        row(due.jobId()).job(),
        1,
        due.scheduledAt(),
        due.attempt(),
        1,
        due.attempt() > 1,
        node,
        now,
        Map.of());
  }

  @Override
  public Map<JobId, Exclusions> exclusions(Connection connection, Collection<Job> of) {
    return Map.of();
  }

  @Override
  public Set<Instant> begun(Connection connection, JobId id, Instant from, Instant to) {
    return Set.of();
  }

  @Override
  public void insertBackfill(Connection connection, List<ExecutionId> ids, StoredJob job) {}

  @Override
  public void overtaken(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now) {}

  @Override
  public List<ExecutionId> toBreakOff(Connection connection, String node) {
    return List.of();
  }

  @Override
  public void pauseBegins(Connection connection, JobId id, @Nullable Instant next, Instant now) {}

  @Override
  public void pauseEnds(Connection connection, JobId id, boolean forgotten, Instant now) {}

  @Override
  public void completed(Connection connection, List<Completion> completions) {
    completed.addAll(completions);
  }

  @Override
  public void stale(Connection connection, List<Completion> completions) {
    stale.addAll(completions);
  }

  @Override
  public List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now) {
    handedBack.addAll(ids);
    return fired.stream()
        .filter(firing -> ids.contains(firing.id()))
        .map(
            firing ->
                new Repeat(
                    firing.id(),
                    firing.job().id(),
                    firing.job().queue(),
                    5,
                    firing.scheduledAt(),
                    firing.attempt() + 1))
        .distinct()
        .toList();
  }

  @Override
  public void cancelled(Connection connection, JobId id, Instant now) {
    cancelled.add(id);
  }

  @Override
  public List<Instant> skipped(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now) {
    return List.copyOf(instants);
  }

  @Override
  public void jobsFinished(Connection connection, Collection<JobId> ids, Instant now) {
    finished.addAll(ids);
  }
}
