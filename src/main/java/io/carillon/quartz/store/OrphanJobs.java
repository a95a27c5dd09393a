package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Removes the JobDetails of jobs of which nothing is planned or running any more, and tells the
 * participant that they are finished. Durable ones stay, unfinished. Reads first and deletes then:
 * a NOT EXISTS inside the DELETE deadlocks between nodes. Three statements, four if a JobDetail
 * stays or was gone before.
 */
final class OrphanJobs {
  private final Rows rows;
  private final StoreParticipant participant;

  OrphanJobs(Rows rows, StoreParticipant participant) {
    this.rows = rows;
    this.participant = participant;
  }

  void remove(Connection connection, Collection<JobId> candidates, Instant now)
      throws SQLException {
    if (candidates.isEmpty()) {
      return;
    }
    Set<JobId> orphans = new LinkedHashSet<>(candidates);
    orphans.removeAll(rows.jobs().inUse(connection, orphans));
    if (orphans.isEmpty()) {
      return;
    }
    int gone = rows.jobs().deleteTransient(connection, orphans);
    if (gone < orphans.size()) {
      orphans.removeAll(rows.jobs().durableAmong(connection, orphans));
    }
    participant.jobsFinished(connection, orphans, now);
  }
}
