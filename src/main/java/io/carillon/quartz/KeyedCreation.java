package io.carillon.quartz;

import io.carillon.execution.JobKeys;
import io.carillon.execution.JobKeys.Holder;
import io.carillon.execution.JobKeys.Key;
import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.JobState;
import io.carillon.job.Resealing;
import io.carillon.job.StoredJob;
import io.carillon.quartz.JobCreation.Ids;
import io.carillon.quartz.KeyedJobs.Change;
import io.carillon.quartz.KeyedJobs.Fate;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates jobs of which some have keys. Works inside the caller's transaction, which holds the lock
 * row exclusively: what is found under a key is so, on all nodes, until the commit. Two statements
 * more for a batch with keys, three if any of them is held, and what a put takes for each job that
 * gets another definition. Immutable; thread-safe.
 */
final class KeyedCreation {
  private final JobKeys keys;
  private final Resealing resealing;
  private final InstantSource clock;

  KeyedCreation(JobKeys keys, Resealing resealing, InstantSource clock) {
    this.keys = keys;
    this.resealing = resealing;
    this.clock = clock;
  }

  /** As {@link JobCreation#insertAll}. @throws DuplicateJob if atomic and some are refused */
  List<Created> insertAll(StoreSession session, List<FreshJob> jobs, boolean atomic, Ids ids)
      throws SQLException {
    if (jobs.stream().noneMatch(job -> JobKeys.isKeyed(job.row().job()))) {
      return JobCreation.insertAll(session, jobs, atomic, ids);
    }
    Set<Key> wanted = new LinkedHashSet<>();
    jobs.forEach(job -> wanted.addAll(JobKeys.of(job.row().job())));
    Map<Key, Holder> holders = session.ours((ours, c) -> keys.holders(c, wanted));
    Map<JobId, StoredJob> stored = session.lockJobs(concerned(jobs, holders));
    KeyedJobs decided = new KeyedJobs(holders, stored);
    List<Fate> fates = decided.decide(jobs);
    if (atomic) {
      refuse(fates);
    }
    List<FreshJob> fresh = new ArrayList<>();
    for (Fate fate : fates) {
      if (fate.isNew()) {
        Change change = decided.changes().get(fate.job().id());
        fresh.add(change == null ? fate.job() : as(session, fate.job().id(), change.by()));
      }
    }
    Map<JobId, Created> created = new LinkedHashMap<>();
    if (!fresh.isEmpty()) {
      JobCreation.insertAll(session, fresh, atomic, ids)
          .forEach(one -> created.putIfAbsent(one.id(), one));
    }
    Map<JobId, StoredJob> changed = change(session, decided.changes(), stored);
    take(session, created.values(), changed, decided.changes());
    return answers(fates, created, stored, changed);
  }

  /** Who has the keys, and those of the jobs that are stored already, should they be sent again. */
  private static Set<JobId> concerned(List<FreshJob> jobs, Map<Key, Holder> holders) {
    Set<JobId> concerned = jobsOf(holders.values());
    for (FreshJob job : jobs) {
      if (JobKeys.of(job.row().job()).stream().anyMatch(holders::containsKey)) {
        concerned.add(job.id());
      }
    }
    return concerned;
  }

  private static Set<JobId> jobsOf(Collection<Holder> holders) {
    Set<JobId> jobs = new LinkedHashSet<>();
    holders.forEach(holder -> jobs.add(holder.job()));
    return jobs;
  }

  private static void refuse(List<Fate> fates) {
    Map<JobId, JobId> refused = new LinkedHashMap<>();
    for (Fate fate : fates) {
      if (fate.how() == Met.How.REJECTED) {
        refused.put(fate.job().id(), Objects.requireNonNull(fate.other()));
      }
    }
    if (!refused.isEmpty()) {
      throw new DuplicateJob(refused);
    }
  }

  /** A definition under another id. */
  private FreshJob as(StoreSession session, JobId id, FreshJob by) throws SQLException {
    Job job = resealing.as(by.row().job(), id);
    String definition = session.ours((ours, c) -> ours.definition(job));
    return FreshJob.of(job, any -> definition, session.exclusions(job), by.row().createdAt());
  }

  /**
   * From now on, not from when the request came: others that came later may have been before it.
   */
  private Map<JobId, StoredJob> change(
      StoreSession session, Map<JobId, Change> changes, Map<JobId, StoredJob> stored)
      throws SQLException {
    Instant now = Instant.ofEpochMilli(clock.millis());
    Map<JobId, StoredJob> changed = new LinkedHashMap<>();
    for (Map.Entry<JobId, Change> entry : changes.entrySet()) {
      StoredJob old = stored.get(entry.getKey());
      if (old != null) {
        FreshJob by = entry.getValue().by();
        Job next = resealing.as(by.row().job(), old.id()).withOrigin(old.job().origin());
        changed.put(old.id(), JobChange.apply(session, old, next, entry.getValue().restart(), now));
      }
    }
    return changed;
  }

  /** What was changed may have had other keys before. */
  private void take(
      StoreSession session,
      Collection<Created> created,
      Map<JobId, StoredJob> changed,
      Map<JobId, Change> changes)
      throws SQLException {
    Map<Key, Holder> taken = new LinkedHashMap<>();
    for (Created one : created) {
      if (one.stored() != null) {
        Change change = changes.get(one.id());
        JobId by = change == null ? one.id() : change.by().id();
        taken.putAll(taken(one.stored().job(), one.stored().createdAt(), by));
      }
    }
    changed.forEach(
        (id, job) -> taken.putAll(taken(job.job(), job.updatedAt(), changes.get(id).by().id())));
    session.ours(
        (ours, c) -> {
          keys.letGo(c, changed.keySet());
          keys.take(c, taken);
          return taken;
        });
  }

  /**
   * @param by the id under which it was asked for
   */
  private static Map<Key, Holder> taken(Job job, Instant now, JobId by) {
    Map<Key, Holder> taken = new LinkedHashMap<>();
    for (Key key : JobKeys.of(job)) {
      Instant until =
          key.kind() == JobKeys.Kind.DEDUP
              ? Dedup.of(job).map(Dedup::ttl).map(now::plus).orElse(null)
              : null;
      taken.put(key, new Holder(job.id(), until, by));
    }
    return taken;
  }

  private static List<Created> answers(
      List<Fate> fates,
      Map<JobId, Created> created,
      Map<JobId, StoredJob> stored,
      Map<JobId, StoredJob> changed) {
    List<Created> answers = new ArrayList<>(fates.size());
    Set<JobId> told = new LinkedHashSet<>();
    for (Fate fate : fates) {
      JobId id = fate.job().id();
      if (fate.how() == null || fate.other() == null) {
        // The first of one id is stored; what follows under it comes too late.
        Created own = created.get(id);
        answers.add(own != null && told.add(id) ? own : new Created(id, null));
        continue;
      }
      StoredJob other = changed.getOrDefault(fate.other(), stored.get(fate.other()));
      if (other == null && created.containsKey(fate.other())) {
        other = created.get(fate.other()).stored();
      }
      answers.add(
          other == null ? new Created(id, null) : Created.met(id, new Met(fate.how(), other)));
    }
    return answers;
  }

  /** What it has, or has not, is the same; one that was over may have lost its keys since. */
  private static boolean hasKeptKeys(StoredJob old, Job next) {
    boolean none = !JobKeys.isKeyed(old.job()) && !JobKeys.isKeyed(next);
    boolean live = old.state() == JobState.ACTIVE || old.state() == JobState.PAUSED;
    return none
        || (live
            && Dedup.of(old.job()).equals(Dedup.of(next))
            && JobKeys.of(old.job()).equals(JobKeys.of(next)));
  }

  /**
   * Gives a job that is put the keys of its new definition.
   *
   * @param old as it was; null if it is new
   * @throws DuplicateJob if another job has the key by which there shall be one
   */
  void change(StoreSession session, @Nullable StoredJob old, Job next, Instant now)
      throws SQLException {
    List<Key> wanted = JobKeys.of(next);
    if (old == null ? wanted.isEmpty() : hasKeptKeys(old, next)) {
      return;
    }
    Map<Key, Holder> holders = session.ours((ours, c) -> keys.holders(c, wanted));
    KeyedJobs known = new KeyedJobs(holders, session.lockJobs(jobsOf(holders.values())));
    for (Map.Entry<Key, Holder> entry : holders.entrySet()) {
      Holder holder = entry.getValue();
      if (entry.getKey().kind() == JobKeys.Kind.DEDUP
          && !holder.job().equals(next.id())
          && known.keeps(holder, now)) {
        throw new DuplicateJob(Map.of(next.id(), holder.job()));
      }
    }
    session.ours(
        (ours, c) -> {
          keys.letGo(c, old == null ? List.of() : List.of(old.id()));
          keys.take(c, taken(next, now, next.id()));
          return wanted;
        });
  }
}
