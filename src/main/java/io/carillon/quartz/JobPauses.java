package io.carillon.quartz;

import io.carillon.job.CatchUp;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Pauses and resumes jobs, each in a transaction of the store. Thread-safe. */
final class JobPauses {
  private final JobTransactions transactions;
  private final ManyJobs many;
  private final InstantSource clock;

  JobPauses(JobTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.many = new ManyJobs(transactions);
    this.clock = clock;
  }

  StoredJob pause(JobId id, StoredJob.Pause why) {
    return transactions.run(
        null,
        session -> {
          StoredJob old = QuartzJobScheduler.require(session, id);
          if (old.state() != JobState.ACTIVE && old.state() != JobState.PAUSED) {
            throw new WrongState(id, old.state(), "pause it");
          }
          return pause(session, old, why);
        });
  }

  private StoredJob pause(StoreSession session, StoredJob old, StoredJob.Pause why)
      throws SQLException {
    Instant now = now();
    if (old.state() == JobState.ACTIVE) {
      session.pause(old.id(), now);
    }
    StoredJob next = JobChange.state(old, JobState.PAUSED, why, now);
    session.update(next, false);
    return next;
  }

  StoredJob resume(JobId id) {
    return transactions.run(
        null,
        session -> {
          StoredJob old = QuartzJobScheduler.require(session, id);
          if (old.state() == JobState.ACTIVE) {
            return QuartzJobScheduler.withNext(session, old);
          }
          if (old.state() != JobState.PAUSED) {
            throw new WrongState(id, old.state(), "resume it");
          }
          Instant now = now();
          StoredJob next = resume(session, old, now);
          StoredJob settled = session.lockJobs(Set.of(id)).get(id);
          StoredJob shown = QuartzJobScheduler.withNext(session, settled == null ? next : settled);
          return JobChange.afterPause(shown, session.exclusions(shown.job()), now);
        });
  }

  private static StoredJob resume(StoreSession session, StoredJob old, Instant now)
      throws SQLException {
    StoredJob next = JobChange.state(old, JobState.ACTIVE, null, now);
    session.update(next, false);
    boolean caughtUp = old.job().policies().catchUp().policy() == CatchUp.Policy.FIRE_ALL;
    session.resume(old.id(), caughtUp, now);
    return next;
  }

  /** Those that were paused. */
  List<JobId> pauseAll(List<JobId> ids, StoredJob.Pause why) {
    return many.each(ids, JobState.ACTIVE, (session, job) -> pause(session, job, why));
  }

  /** Those that were resumed. */
  List<JobId> resumeAll(List<JobId> ids) {
    return many.each(ids, JobState.PAUSED, (session, job) -> resume(session, job, now()));
  }

  /** Whole milliseconds: what the tables hold. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
