package io.carillon.quartz;

import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.PlannedJob;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How jobs come into being: our rows, JobDetails and triggers, in sets. Works inside the caller's
 * transaction.
 */
final class JobCreation {
  private JobCreation() {}

  /**
   * Stores new jobs; answers in order.
   *
   * @param atomic whether one taken id refuses them all
   * @throws JobExists if so
   */
  static List<Created> insertAll(StoreSession session, List<Job> jobs, boolean atomic, Instant now)
      throws SQLException {
    Map<JobId, Job> firsts = new LinkedHashMap<>();
    jobs.forEach(job -> firsts.putIfAbsent(job.id(), job));
    Set<JobId> taken = session.ours((ours, c) -> ours.insertJobs(c, firsts.values(), now));
    if (atomic && !taken.isEmpty()) {
      throw new JobExists(taken.iterator().next());
    }
    Map<JobId, PlannedJob> planned = new LinkedHashMap<>();
    List<Created> created = new ArrayList<>();
    for (Job job : jobs) {
      if (taken.contains(job.id()) || planned.containsKey(job.id())) {
        created.add(new Created(job.id(), null));
        continue;
      }
      PlannedJob plan = PlannedJobs.plan(job, now, null, false);
      planned.put(job.id(), plan);
      created.add(new Created(job.id(), fresh(job, plan, now)));
    }
    session.store(planned.values());
    for (PlannedJob plan : planned.values()) {
      if (plan.plan() == null) {
        session.settle(plan.id(), now);
      }
    }
    return created;
  }

  private static StoredJob fresh(Job job, PlannedJob planned, Instant now) {
    boolean hasPlan = planned.plan() != null;
    return new StoredJob(
        job,
        hasPlan ? JobState.ACTIVE : JobState.COMPLETED,
        1,
        1,
        0,
        null,
        null,
        now,
        now,
        hasPlan ? null : now,
        hasPlan ? planned.plan().first() : null);
  }
}
