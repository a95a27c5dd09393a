package io.carillon.quartz;

import io.carillon.execution.JobKeys;
import io.carillon.execution.JobKeys.Holder;
import io.carillon.execution.JobKeys.Key;
import io.carillon.execution.JobKeys.Kind;
import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides for new jobs with keys, in their order, what becomes of each: whether it is new, or which
 * job it meets and what that comes to. Pure; for one batch and one thread.
 */
final class KeyedJobs {
  private final Map<Key, Holder> holders;
  private final Map<JobId, StoredJob> stored;

  private final Map<Key, JobId> taken = new HashMap<>();
  private final Map<JobId, FreshJob> fresh = new LinkedHashMap<>();
  private final Map<JobId, Change> changes = new LinkedHashMap<>();

  /**
   * @param holders who has the keys of the new jobs
   * @param stored what is known of the holders
   */
  KeyedJobs(Map<Key, Holder> holders, Map<JobId, StoredJob> stored) {
    this.holders = holders;
    this.stored = stored;
  }

  /**
   * What becomes of a new job.
   *
   * @param how null if it is stored
   * @param other the job it meets: one that is stored, or another of the batch; null if it is
   *     stored
   */
  record Fate(FreshJob job, Met.@Nullable How how, @Nullable JobId other) {
    boolean isNew() {
      return how == null;
    }
  }

  /**
   * What a job becomes that has been met.
   *
   * @param by whose definition it gets
   * @param restart whether its plan begins anew
   */
  record Change(FreshJob by, boolean restart) {}

  List<Fate> decide(List<FreshJob> jobs) {
    List<Fate> fates = new ArrayList<>(jobs.size());
    for (FreshJob job : jobs) {
      Fate before = before(job);
      fates.add(before == null ? store(job) : before);
    }
    return fates;
  }

  private Fate store(FreshJob job) {
    Fate fate = decide(job);
    if (fate.isNew()) {
      fresh.putIfAbsent(job.id(), job);
      JobKeys.of(job.row().job()).forEach(key -> taken.put(key, job.id()));
    } else if (fate.other() != null && fate.how() != null) {
      meet(fate.other(), job, fate.how());
    }
    return fate;
  }

  /**
   * What became of a job that was sent before, by somebody who had no answer: it is stored, as the
   * database will say; or another got its definition by it.
   */
  private @Nullable Fate before(FreshJob job) {
    if (stored.containsKey(job.id())) {
      return new Fate(job, null, null);
    }
    for (Key key : JobKeys.of(job.row().job())) {
      Holder holder = holders.get(key);
      if (holder != null
          && holder.by().equals(job.id())
          && stored.containsKey(holder.job())
          && !taken.containsKey(key)) {
        Met.How how = key.kind() == Kind.DEDUP ? Met.How.REPLACED : Met.How.POSTPONED;
        return new Fate(job, how, holder.job());
      }
    }
    return null;
  }

  /** The definition of the last one counts. */
  private void meet(JobId other, FreshJob by, Met.How how) {
    boolean postponed = how == Met.How.POSTPONED;
    if (postponed || how == Met.How.REPLACED) {
      changes.merge(
          other,
          new Change(by, postponed),
          (old, last) -> new Change(by, old.restart() || postponed));
      // It has the keys of its new definition, for the rest of the batch as well.
      JobKeys.of(by.row().job()).forEach(key -> taken.put(key, other));
    }
  }

  private Fate decide(FreshJob job) {
    for (Key key : JobKeys.of(job.row().job())) {
      JobId other = holderOf(key);
      // Its own id: a request that was sent again.
      if (other != null && !other.equals(job.id())) {
        Met.How how =
            key.kind() == Kind.DEDUP
                ? duplicate(job.row().job(), key, other, job.row().createdAt())
                : mayChange(other, false) ? Met.How.POSTPONED : null;
        if (how != null) {
          return new Fate(job, how, other);
        }
      }
    }
    return new Fate(job, null, null);
  }

  private @Nullable JobId holderOf(Key key) {
    JobId inBatch = taken.get(key);
    Holder holder = holders.get(key);
    return inBatch != null ? inBatch : holder == null ? null : holder.job();
  }

  private Met.@Nullable How duplicate(Job job, Key key, JobId other, Instant now) {
    Holder holder = holders.get(key);
    if (!taken.containsKey(key) && (holder == null || !keeps(holder, now))) {
      return null;
    }
    return switch (Dedup.of(job).orElseThrow().mode()) {
      case REJECT -> Met.How.REJECTED;
      case RETURN -> Met.How.RETURNED;
      case REPLACE -> mayChange(other, true) ? Met.How.REPLACED : null;
    };
  }

  /** Whether a job has not let go of its key. */
  boolean keeps(Holder holder, Instant now) {
    StoredJob job = stored.get(holder.job());
    if (job == null || job.state() == JobState.CANCELLED) {
      return false;
    }
    return holder.until() == null ? isLive(job) : now.isBefore(holder.until());
  }

  /**
   * Whether a job can still become another: nothing of its plan has been run; or it recurs, if that
   * is good enough.
   */
  private boolean mayChange(JobId id, boolean recurring) {
    if (fresh.containsKey(id)) {
      return true;
    }
    StoredJob job = stored.get(id);
    return job != null
        && isLive(job)
        && (job.runs() == 0 || (recurring && job.job().schedule().recurring()));
  }

  private static boolean isLive(StoredJob job) {
    return job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED;
  }

  /** What jobs become that have been met, by their ids; also new ones of the batch. */
  Map<JobId, Change> changes() {
    return changes;
  }
}
