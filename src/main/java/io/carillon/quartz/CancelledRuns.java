package io.carillon.quartz;

import io.carillon.execution.ExecutionId;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.quartz.JobTransactions.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what follows executions that a cancelled job had waiting, where they are more than one
 * transaction should take care of. Thread-safe.
 */
final class CancelledRuns {
  private static final Logger LOG = LoggerFactory.getLogger(CancelledRuns.class);
  private static final int MOST_ATTEMPTS = 5;

  private final JobTransactions transactions;
  private final FollowingJobs following;

  CancelledRuns(JobTransactions transactions, FollowingJobs following) {
    this.transactions = transactions;
    this.following = following;
  }

  /**
   * Starts what follows those behind the first {@link FollowingJobs#AT_ONCE}, in transactions of
   * their own: a single one would hold everybody up. Whatever is started twice is there once. What
   * cannot be stored is told in the log, with how many it is.
   */
  void follow(Job job, List<ExecutionId> waiting, Instant now) {
    for (int from = FollowingJobs.AT_ONCE; from < waiting.size(); from += FollowingJobs.AT_ONCE) {
      List<ExecutionId> more = waiting.subList(from, waiting.size());
      if (!isStored(FollowingJobs.first(job, more), now)) {
        LOG.error(
            "nothing follows {} cancelled executions of {}, the first is {}",
            more.size(),
            job.id(),
            more.get(0));
        return;
      }
    }
  }

  /** Others wait for the store as well. */
  private boolean isStored(Map<ExecutionId, Job> executions, Instant now) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return transactions.run(
            null,
            session -> {
              following.follow(session, executions, Set.of(), now);
              return true;
            });
      } catch (StoreUnavailable | Refused e) {
        LOG.warn("what follows {} executions is not stored yet", executions.size(), e);
      }
    }
    return false;
  }
}
