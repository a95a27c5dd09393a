package io.carillon.quartz;

import io.carillon.execution.DefinitionRows.NewJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How jobs come into being: our rows, JobDetails and triggers, in sets. Works inside the caller's
 * transaction, with a number of statements that does not grow with the batch.
 */
final class JobCreation {
  private JobCreation() {}

  /** Whether ids may be taken. */
  enum Ids {
    /** None is, as far as anyone knows: the database refuses the transaction if one is. */
    NEW,
    /** It is looked first. */
    LOOK
  }

  /**
   * Stores new jobs; answers in order.
   *
   * @param atomic whether one taken id refuses them all
   * @throws JobExists if so
   */
  static List<Created> insertAll(StoreSession session, List<FreshJob> jobs, boolean atomic, Ids ids)
      throws SQLException {
    Map<JobId, FreshJob> fresh = new LinkedHashMap<>();
    jobs.forEach(job -> fresh.putIfAbsent(job.id(), job));
    if (ids == Ids.LOOK) {
      Set<JobId> taken = session.ours((ours, c) -> ours.taken(c, fresh.keySet()));
      if (atomic && !taken.isEmpty()) {
        throw new JobExists(taken.iterator().next());
      }
      fresh.keySet().removeAll(taken);
    }
    insert(session, fresh.values());
    List<Created> created = new ArrayList<>(jobs.size());
    for (FreshJob job : jobs) {
      // The first of one id is stored; what follows under it comes too late.
      boolean stored = fresh.remove(job.id()) != null;
      created.add(new Created(job.id(), stored ? job.stored() : null));
    }
    return created;
  }

  private static void insert(StoreSession session, Collection<FreshJob> fresh) throws SQLException {
    List<NewJob> rows = fresh.stream().map(FreshJob::row).toList();
    session.ours(
        (ours, c) -> {
          ours.insertJobs(c, rows);
          return rows;
        });
    session.store(fresh.stream().map(FreshJob::plan).toList());
    List<FreshJob> over = fresh.stream().filter(job -> job.plan().plan() == null).toList();
    if (!over.isEmpty()) {
      session.finish(over.stream().map(FreshJob::id).toList(), over.get(0).row().createdAt());
    }
  }
}
