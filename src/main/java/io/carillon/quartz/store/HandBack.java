package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives what a node was running to whoever is free: each FIRED row becomes another attempt of the
 * same execution, due at once, and the row goes, by ENTRY_ID and INSTANCE_NAME. In place of
 * Quartz's {@code clusterRecover}, which deletes by instance name alone and makes a new firing of
 * it. An execution that ends here for good re-arms a job with a fixed delay as any end does.
 * Constant statements per batch.
 */
final class HandBack {
  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final SlowEnd slowEnd;
  private final QueuedRuns queuedRuns;

  HandBack(Rows rows, OrphanJobs orphans, StoreParticipant participant, SlowEnd slowEnd) {
    this.slowEnd = slowEnd;
    this.queuedRuns = new QueuedRuns(rows);
    this.rows = rows;
    this.orphans = orphans;
    this.participant = participant;
  }

  /**
   * Hands back the given rows, which the caller has locked.
   *
   * @param reason {@link Reasons#NODE_LOST}, {@link Reasons#DRAINED}, {@link Reasons#CIRCUIT_OPEN}
   * @return how many executions are attempted again
   */
  int run(Connection connection, Collection<FiredRow> lost, String reason, Instant now)
      throws SQLException {
    if (lost.isEmpty()) {
      return 0;
    }
    List<ExecutionId> ids =
        lost.stream().flatMap(row -> ExecutionId.parse(row.entry()).stream()).toList();
    List<Repeat> repeats = participant.handedBack(connection, ids, reason, now);
    Set<JobId> touched = new LinkedHashSet<>();
    lost.stream().filter(row -> row.job() != null).forEach(row -> touched.add(row.job()));
    Set<JobId> jobIds = new LinkedHashSet<>(touched);
    repeats.forEach(repeat -> jobIds.add(repeat.jobId()));
    Map<JobId, StoredJob> jobs =
        jobIds.isEmpty() ? Map.of() : participant.lockJobs(connection, jobIds);
    Set<JobId> runnable = rows.jobs().runnable(connection, jobIds).keySet();
    List<TriggerRow> triggers = new ArrayList<>();
    Set<JobId> gone = new LinkedHashSet<>();
    Set<ExecutionId> again = new HashSet<>();
    for (Repeat repeat : repeats) {
      again.add(repeat.id());
      StoredJob job = jobs.get(repeat.jobId());
      if (job == null || job.state() == JobState.CANCELLED || !runnable.contains(repeat.jobId())) {
        gone.add(repeat.jobId());
      } else {
        triggers.add(
            Repeats.trigger(repeat.id(), repeat.attempt(), job, now, "taken over: " + reason));
      }
    }
    int handedBack = triggers.size();
    for (FiredRow row : lost) {
      // A row that a stock node acquired names no job.
      StoredJob job = row.job() == null ? null : jobs.get(row.job());
      if (job != null && runnable.contains(row.job())) {
        ExecutionId.parse(row.entry())
            .filter(id -> !again.contains(id))
            .flatMap(id -> Rearm.trigger(id, now, job))
            .ifPresent(triggers::add);
      }
    }
    for (JobId id : gone) {
      participant.cancelled(connection, id, now);
    }
    rows.fired().delete(connection, lost);
    rows.changes().delete(connection, FiredRows.finished(lost));
    rows.changes().insert(connection, triggers);
    queuedRuns.release(connection, touched, participant, now);
    slowEnd.released(connection, lost);
    orphans.remove(connection, touched, now);
    Set<ExecutionId> going = new HashSet<>();
    triggers.forEach(row -> row.name().repeat().ifPresent(r -> going.add(r.execution())));
    participant.queues().lanes().release(connection, ids, going);
    return handedBack;
  }
}
