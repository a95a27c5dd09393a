package io.carillon.quartz;

import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** One act on many jobs, in chunks: each a transaction that holds the lock row for a moment. */
final class ManyJobs {
  /**
   * A job takes a few statements; so many keep the others waiting for some tens of milliseconds.
   */
  private static final int CHUNK = 25;

  private final JobTransactions transactions;

  ManyJobs(JobTransactions transactions) {
    this.transactions = transactions;
  }

  /** What is done with one job. */
  @FunctionalInterface
  interface Act {
    void on(StoreSession session, StoredJob job) throws SQLException;
  }

  /**
   * Acts on those of the jobs that are in a state.
   *
   * @return them, in order
   */
  List<JobId> each(List<JobId> ids, JobState in, Act act) {
    List<JobId> changed = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += CHUNK) {
      List<JobId> chunk = ids.subList(from, Math.min(ids.size(), from + CHUNK));
      changed.addAll(transactions.run(null, session -> chunk(session, chunk, in, act)));
    }
    return changed;
  }

  private static Collection<JobId> chunk(
      StoreSession session, List<JobId> ids, JobState in, Act act) throws SQLException {
    List<JobId> changed = new ArrayList<>();
    for (StoredJob job : session.lockJobs(Set.copyOf(ids)).values()) {
      if (job.state() == in) {
        act.on(session, job);
        changed.add(job.id());
      }
    }
    return changed;
  }
}
