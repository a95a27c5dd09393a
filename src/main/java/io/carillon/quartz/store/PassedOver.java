package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What goes on when executions that waited are not run any more: fixed delays count from now, runs
 * that waited for them go, and so do their permits. Their triggers are gone by then; jobs that have
 * come to their end are for the caller. Works on the caller's transaction; a number of statements
 * that does not grow, and none where there are no such executions.
 */
final class PassedOver {
  private final Rows rows;
  private final StoreParticipant participant;

  PassedOver(Rows rows, StoreParticipant participant) {
    this.rows = rows;
    this.participant = participant;
  }

  void goOn(Connection connection, Map<ExecutionId, JobId> expired, Instant now)
      throws SQLException {
    if (expired.isEmpty()) {
      return;
    }
    Map<JobId, StoredJob> jobs =
        participant.lockJobs(connection, new LinkedHashSet<>(expired.values()));
    List<TriggerRow> next = new ArrayList<>();
    Set<JobId> alone = new LinkedHashSet<>();
    expired.forEach(
        (id, jobId) ->
            Optional.ofNullable(jobs.get(jobId))
                .ifPresent(
                    job -> {
                      Rearm.trigger(id, now, job).ifPresent(next::add);
                      if (QueuedRuns.mayWait(job.job())) {
                        alone.add(jobId);
                      }
                    }));
    rows.changes().insert(connection, next);
    new QueuedRuns(rows).release(connection, alone, participant, now);
    participant.queues().lanes().forget(connection, expired.keySet());
  }
}
