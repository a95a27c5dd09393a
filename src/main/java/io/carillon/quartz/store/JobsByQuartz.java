package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant;
import io.carillon.job.CatchUp;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.quartz.JobKey;

/**
 * Keeps the job rows true when jobs are changed by Quartz's own code, through its Scheduler
 * interface: in the same transaction, under the lock row. Jobs that are none of ours are passed
 * over. Thread-safe.
 */
final class JobsByQuartz {
  private static final StoredJob.Pause PAUSE = new StoredJob.Pause("paused through Quartz", null);

  private final StoreParticipant participant;
  private final InstantSource clock;

  JobsByQuartz(StoreParticipant participant, InstantSource clock) {
    this.participant = participant;
    this.clock = clock;
  }

  /**
   * The JobDetails are gone, and all triggers with them: the jobs are cancelled, as by a client,
   * and so is what was waiting. What runs, runs on. A job that was over stays what it was.
   */
  void removed(Connection connection, Collection<JobKey> keys) throws SQLException {
    Instant now = now();
    for (StoredJob job : participant.lockJobs(connection, ours(keys)).values()) {
      participant.cancelled(connection, job.id(), now);
      if (job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED) {
        participant.updateJob(connection, job.in(JobState.CANCELLED, null, now), false);
      }
    }
  }

  /** All triggers of the job are held. */
  void paused(Connection connection, JobKey key) throws SQLException {
    move(connection, key, JobState.ACTIVE, JobState.PAUSED);
  }

  /** The triggers of the job may go on. */
  void resumed(Connection connection, JobKey key) throws SQLException {
    move(connection, key, JobState.PAUSED, JobState.ACTIVE);
  }

  private void move(Connection connection, JobKey key, JobState from, JobState to)
      throws SQLException {
    for (StoredJob job : participant.lockJobs(connection, ours(Set.of(key))).values()) {
      if (job.state() == from) {
        if (to == JobState.PAUSED) {
          participant.pauseBegins(connection, job.id(), null, now());
        } else {
          CatchUp.Policy policy = job.job().policies().catchUp().policy();
          participant.pauseEnds(connection, job.id(), policy == CatchUp.Policy.FIRE_ALL, now());
        }
        StoredJob.Pause pause = to == JobState.PAUSED ? PAUSE : null;
        participant.updateJob(connection, job.in(to, pause, now()), false);
      }
    }
  }

  /** Whether the job is to be held, whatever happens to its triggers. */
  boolean isPaused(Connection connection, JobKey key) throws SQLException {
    return participant.lockJobs(connection, ours(Set.of(key))).values().stream()
        .anyMatch(job -> job.state() == JobState.PAUSED);
  }

  private static Set<JobId> ours(Collection<JobKey> keys) {
    Set<JobId> ids = new LinkedHashSet<>();
    for (JobKey key : keys) {
      if (JobId.isNamespace(key.getGroup()) && JobId.isValid(key.getName())) {
        ids.add(new JobId(key.getGroup(), key.getName()));
      }
    }
    return ids;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
