package io.carillon.quartz;

import io.carillon.execution.JobKeys;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.StoredJob;
import io.carillon.quartz.JobCreation.Ids;
import io.carillon.quartz.JobTransactions.IdTaken;
import io.carillon.quartz.JobTransactions.Refused;
import io.carillon.quartz.store.StoreEngine;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in new jobs: single ones together with those that come at the same time, batches in chunks,
 * each group and each chunk in one transaction. Thread-safe.
 */
final class JobIntake {
  private static final Logger LOG = LoggerFactory.getLogger(JobIntake.class);

  /** One transaction each; bounded so that firing does not wait long behind one. */
  private static final int CHUNK = 500;

  /** Each takes a few statements, as a put does. */
  private static final int MOST_CHANGES = 25;

  /** Parts of one chunk that are tried again in halves: enough to find ten bad jobs. */
  private static final int MOST_REFUSALS = 100;

  /** The loop that fires looks more often than this by itself. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final StoreEngine store;
  private final JobTransactions transactions;
  private final InstantSource clock;
  private final GroupedCreation grouped;
  private final KeyedCreation keyed;

  JobIntake(
      StoreEngine store, JobTransactions transactions, KeyedCreation keyed, InstantSource clock) {
    this.store = store;
    this.transactions = transactions;
    this.keyed = keyed;
    this.clock = clock;
    this.grouped = new GroupedCreation(jobs -> store(jobs, false));
  }

  /** All that can be worked out before a transaction begins, in the caller's thread. */
  FreshJob fresh(Job job) {
    // Whole milliseconds: what the tables hold.
    return FreshJob.of(
        job, store::definition, transactions.exclusions(job), Instant.ofEpochMilli(clock.millis()));
  }

  /** As {@link io.carillon.job.JobScheduler#submit}. */
  Created submit(Job job) {
    Created created = grouped.create(fresh(job));
    if (created.stored() == null && created.met() == null) {
      throw new JobExists(job.id());
    }
    return created;
  }

  /** As {@link io.carillon.job.JobScheduler#create}. */
  StoredJob create(Job job) {
    Created created = submit(job);
    Met met = created.met();
    if (met != null && met.how() == Met.How.REJECTED) {
      throw new DuplicateJob(Map.of(job.id(), met.job().id()));
    }
    return met == null ? Objects.requireNonNull(created.stored()) : met.job();
  }

  /** As {@link io.carillon.job.JobScheduler#createAll}. */
  List<Created> createAll(List<Job> jobs, boolean atomic) {
    List<FreshJob> fresh = jobs.stream().map(this::fresh).toList();
    if (atomic && !fresh.isEmpty()) {
      return store(fresh, true);
    }
    List<Created> created = new ArrayList<>(fresh.size());
    for (int from = 0; from < fresh.size(); from += CHUNK) {
      storeChunk(fresh.subList(from, Math.min(fresh.size(), from + CHUNK)), created);
    }
    return created;
  }

  /**
   * Stores what the database takes: a part that it refuses is halved until the one is found that is
   * the reason, or so many were refused that each may be one.
   */
  private void storeChunk(List<FreshJob> chunk, List<Created> created) {
    Deque<List<FreshJob>> parts = new ArrayDeque<>(List.of(chunk));
    int refusals = 0;
    while (!parts.isEmpty()) {
      List<FreshJob> part = parts.pop();
      try {
        created.addAll(store(part, false));
      } catch (Refused e) {
        int half = part.size() / 2;
        if (half == 0 || ++refusals > MOST_REFUSALS) {
          LOG.error(
              "the database refuses {} jobs, the first is {}: {}",
              part.size(),
              part.get(0).id(),
              String.valueOf(e.getCause()));
          part.forEach(job -> created.add(Created.refused(job.id())));
        } else {
          parts.push(part.subList(half, part.size()));
          parts.push(part.subList(0, half));
        }
      } catch (StoreUnavailable e) {
        throw created.stream()
            .filter(one -> one.stored() != null)
            .findFirst()
            .map(one -> new StoreUnavailable("only a part of the jobs is stored", one.id(), e))
            .orElse(e);
      }
    }
  }

  /**
   * In one transaction; or in several, where so many may change other jobs that one would be long.
   */
  private List<Created> store(List<FreshJob> jobs, boolean atomic) {
    List<Created> created = new ArrayList<>(jobs.size());
    int from = 0;
    int changes = 0;
    for (int i = 0; !atomic && i < jobs.size(); i++) {
      boolean mayChange = JobKeys.mayChangeOthers(jobs.get(i).row().job());
      if (mayChange && ++changes > MOST_CHANGES) {
        storePart(jobs.subList(from, i), created);
        from = i;
        changes = 1;
      }
    }
    if (from == 0) {
      return storeAtOnce(jobs, atomic);
    }
    storePart(jobs.subList(from, jobs.size()), created);
    return created;
  }

  /** Once a part is stored, nobody may be told that nothing was. */
  private void storePart(List<FreshJob> part, List<Created> created) {
    try {
      created.addAll(storeAtOnce(part, false));
    } catch (StoreUnavailable e) {
      throw created.isEmpty() || e.unknown() != null
          ? e
          : new StoreUnavailable("only a part of the jobs is stored", created.get(0).id(), e);
    }
  }

  private List<Created> storeAtOnce(List<FreshJob> jobs, boolean atomic) {
    List<Created> created;
    try {
      created = insert(jobs, atomic);
    } catch (StoreUnavailable e) {
      if (e.unknown() == null) {
        throw e;
      }
      created = lookUp(jobs, atomic, e);
    }
    wake(jobs);
    return created;
  }

  /**
   * Taken ids are seldom, as most ids are made here: it is looked for them only when the database
   * has refused one.
   */
  private List<Created> insert(List<FreshJob> jobs, boolean atomic) {
    JobId first = jobs.get(0).id();
    try {
      return transactions.run(first, session -> keyed.insertAll(session, jobs, atomic, Ids.NEW));
    } catch (IdTaken taken) {
      return transactions.run(first, session -> keyed.insertAll(session, jobs, atomic, Ids.LOOK));
    }
  }

  /** What is not due yet is found in time without being told. */
  private void wake(List<FreshJob> stored) {
    Instant soon = clock.instant().plus(SOON);
    if (stored.stream().anyMatch(job -> job.isDue(soon))) {
      store.wake();
    }
  }

  /**
   * After a commit without an answer: our own jobs as they are stored, or stored now. They were one
   * transaction: all or none; and whoever holds the lock row after it sees its end. So if one is
   * missing none was stored, and those that are there had been taken before; unless it has a key,
   * and met another job.
   */
  private List<Created> lookUp(List<FreshJob> jobs, boolean atomic, StoreUnavailable unknown) {
    List<JobId> ids = jobs.stream().map(FreshJob::id).toList();
    Map<JobId, StoredJob> found;
    try {
      found = store.inTransaction(session -> session.lockJobs(ids));
    } catch (SQLException e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
    List<FreshJob> missing = jobs.stream().filter(job -> !found.containsKey(job.id())).toList();
    if (!missing.stream().allMatch(job -> JobKeys.isKeyed(job.row().job()))) {
      // It was rolled back, and the database is there again.
      return insert(jobs, atomic);
    }
    // What is missing met others by its keys, or was rolled back with the rest: it meets them
    // again.
    Map<JobId, Created> again = new HashMap<>();
    if (!missing.isEmpty()) {
      insert(missing, atomic).forEach(one -> again.putIfAbsent(one.id(), one));
    }
    return ids.stream()
        .map(id -> found.containsKey(id) ? new Created(id, found.get(id)) : again.get(id))
        .toList();
  }
}
