package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Repeat;
import io.carillon.job.Delivery;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Gives what a node was running to whoever is free: each FIRED row becomes another attempt of the
 * same execution, due at once, and the row goes, by ENTRY_ID and INSTANCE_NAME. In place of
 * Quartz's {@code clusterRecover}, which deletes by instance name alone and makes a new firing of
 * it. What was to be delivered at most once is not attempted again unless nothing was sent. An
 * execution that ends here for good re-arms a job with a fixed delay as any end does. Constant
 * statements per batch.
 */
final class HandBack {
  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final SlowEnd slowEnd;
  private final QueuedRuns queuedRuns;
  private final Aftermath aftermath;

  HandBack(
      Rows rows,
      OrphanJobs orphans,
      StoreParticipant participant,
      SlowEnd slowEnd,
      Aftermath aftermath) {
    this.aftermath = aftermath;
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
   * @param unsent whether nothing of an attempt was sent, for certain
   */
  HandedBack run(
      Connection connection,
      Collection<FiredRow> lost,
      String reason,
      Predicate<FiredRow> unsent,
      Instant now)
      throws SQLException {
    if (lost.isEmpty()) {
      return HandedBack.NOTHING;
    }
    Set<JobId> touched = new LinkedHashSet<>();
    lost.stream().filter(row -> row.job() != null).forEach(row -> touched.add(row.job()));
    Map<JobId, StoredJob> jobs = new HashMap<>(lock(connection, touched));
    Ended ended = Ended.of(lost, jobs, unsent);
    end(connection, ended, reason, now);
    List<Repeat> repeats = participant.handedBack(connection, ended.others(), reason, now);
    Set<JobId> jobIds = new LinkedHashSet<>(touched);
    repeats.forEach(repeat -> jobIds.add(repeat.jobId()));
    if (jobIds.size() > touched.size()) {
      jobs.putAll(lock(connection, jobIds));
    }
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
    boolean died = reason.equals(Reasons.NODE_LOST);
    List<ExecutionId> poison = new ArrayList<>();
    Map<ExecutionId, StoredJob> over = new LinkedHashMap<>();
    for (FiredRow row : lost) {
      // A row that a stock node acquired names no job.
      StoredJob job = row.job() == null ? null : jobs.get(row.job());
      ExecutionId execution = ExecutionId.parse(row.entry()).orElse(null);
      if (job != null && execution != null) {
        boolean jobOver = job.state() == JobState.CANCELLED;
        if (!again.contains(execution) || jobOver) {
          over.put(execution, job);
        }
        if (died && ended.others().contains(execution) && !again.contains(execution) && !jobOver) {
          poison.add(execution);
        }
      }
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
    rows.changes().delete(connection, finished(lost));
    rows.changes().insert(connection, triggers);
    queuedRuns.release(connection, touched, participant, now);
    slowEnd.released(connection, lost);
    orphans.remove(connection, touched, now);
    Set<ExecutionId> all = new HashSet<>();
    lost.forEach(row -> ExecutionId.parse(row.entry()).ifPresent(all::add));
    Set<ExecutionId> going = new HashSet<>();
    triggers.forEach(row -> row.name().repeat().ifPresent(r -> going.add(r.execution())));
    participant.queues().lanes().release(connection, all, going);
    aftermath.handedBack(connection, over, ended.cancelled(), now);
    return new HandedBack(handedBack, poison, ended.once().size(), ended.cancelled().size());
  }

  /** The triggers of these rows that have fired for the last time, with their types. */
  private static Map<TriggerName, String> finished(Collection<FiredRow> rows) {
    Map<TriggerName, String> finished = new LinkedHashMap<>();
    for (FiredRow row : rows) {
      if (row.finished() != null) {
        finished.put(row.trigger(), row.finished());
      }
    }
    return finished;
  }

  private Map<JobId, StoredJob> lock(Connection connection, Set<JobId> ids) throws SQLException {
    return ids.isEmpty() ? Map.of() : participant.lockJobs(connection, ids);
  }

  /**
   * What ends here, and what does not.
   *
   * @param cancelled what somebody wants cancelled
   * @param once what must not be called twice and may have been called
   */
  private record Ended(Set<ExecutionId> cancelled, Set<ExecutionId> once, Set<ExecutionId> others) {
    static Ended of(
        Collection<FiredRow> lost, Map<JobId, StoredJob> jobs, Predicate<FiredRow> unsent) {
      Ended ended = new Ended(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
      for (FiredRow row : lost) {
        StoredJob job = row.job() == null ? null : jobs.get(row.job());
        boolean once =
            job != null
                && job.job().policies().delivery() == Delivery.AT_MOST_ONCE
                && !unsent.test(row);
        ExecutionId.parse(row.entry())
            .ifPresent(
                (row.cancelling() ? ended.cancelled : once ? ended.once : ended.others)::add);
      }
      return ended;
    }
  }

  private void end(Connection connection, Ended ended, String reason, Instant now)
      throws SQLException {
    RunRows runs = participant.runs();
    if (!ended.cancelled().isEmpty()) {
      runs.lost(
          connection, ended.cancelled(), ExecutionState.CANCELLED, Reasons.CANCELLED, reason, now);
    }
    if (!ended.once().isEmpty()) {
      runs.lost(connection, ended.once(), ExecutionState.FAILED, Reasons.NODE_LOST, reason, now);
    }
  }
}
