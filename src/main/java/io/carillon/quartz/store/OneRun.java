package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows.Run;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.TriggerRows.Single;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a person does with a single execution, in one transaction under the lock row: so nothing is
 * fired or completed meanwhile, and what is answered is true. Valid only inside its session.
 */
public final class OneRun {
  private final Connection connection;
  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;

  OneRun(Connection connection, Rows rows, OrphanJobs orphans, StoreParticipant participant) {
    this.connection = connection;
    this.rows = rows;
    this.orphans = orphans;
    this.participant = participant;
  }

  /** How it stands. */
  public Optional<Run> find(ExecutionId id) throws SQLException {
    return participant.runs().find(connection, id);
  }

  /**
   * Ends one that waits for an attempt: its trigger goes, what waited for it goes on, a fixed delay
   * counts from now.
   */
  public void cancelWaiting(ExecutionId id, StoredJob job, Instant now) throws SQLException {
    Set<JobId> one = Set.of(job.id());
    List<TriggerName> own =
        rows.triggers().ofExecutions(connection, one).stream()
            .map(Single::name)
            .filter(name -> name.repeat().filter(r -> r.execution().equals(id)).isPresent())
            .toList();
    rows.changes().delete(connection, own);
    participant.runs().cancel(connection, id, now);
    rows.changes().insert(connection, Rearm.trigger(id, now, job).stream().toList());
    if (QueuedRuns.mayWait(job.job())) {
      new QueuedRuns(rows).release(connection, one, participant, now);
    }
    orphans.remove(connection, one, now);
    participant.queues().lanes().forget(connection, Set.of(id));
  }

  /**
   * Has executions that run broken off, on whichever nodes; what awaits its target's word ends
   * within a second. Those that do not run are left alone. @return how many run
   */
  public int cancelRunning(Collection<ExecutionId> ids, Instant now) throws SQLException {
    List<FiredRow> running = rows.fired().lock(connection, ids);
    if (running.isEmpty()) {
      return 0;
    }
    rows.marks().cancelling(connection, running);
    Map<ExecutionId, String> nodes =
        running.stream()
            .filter(row -> !row.isAwaiting())
            .collect(Collectors.toMap(row -> new ExecutionId(row.entry()), FiredRow::node));
    participant
        .runs()
        .cancelling(
            connection,
            running.stream().map(row -> new ExecutionId(row.entry())).toList(),
            nodes,
            now);
    return running.size();
  }

  /** Ends one that runs by its row, and on no node and for no target: its FIRED row is gone. */
  public void cancelLost(ExecutionId id, StoredJob job, Instant now) throws SQLException {
    participant
        .runs()
        .lost(
            connection,
            Set.of(id),
            ExecutionState.CANCELLED,
            Reasons.CANCELLED,
            Reasons.NODE_LOST,
            now);
    cancelWaiting(id, job, now);
  }

  /**
   * Plants the next attempt of one that is over, due at once, whether its job is paused or not;
   * where runs of the job must not overlap and another is not over, it waits for that.
   */
  public void again(Run run, StoredJob job, Instant now) throws SQLException {
    participant.runs().again(connection, run.id());
    Again again = new Again(run.id(), run.attempt() + 1, job, now);
    List<TriggerRow> next = new ArrayList<>();
    for (TriggerRow row : new QueuedRuns(rows).again(connection, List.of(again))) {
      next.add(row.state().equals(TriggerRow.PAUSED) ? row.withState(TriggerRow.WAITING) : row);
    }
    rows.changes().insert(connection, next);
  }
}
