package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Lane;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes how a group of attempts ended, in one transaction: FIRED rows gone, execution rows
 * finished, retries and re-armed triggers written, one-shot triggers and finished jobs gone. The
 * fence: an attempt counts only while its own FIRED row stands, by execution id, instance name and
 * firing time; otherwise another node has taken over and the answer is kept as an attempt, never as
 * the outcome. The number of statements does not grow with the group.
 */
final class Complete {
  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final SlowEnd slowEnd;
  private final QueuedRuns queuedRuns;
  private final Aftermath aftermath;

  Complete(
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
   * What was written.
   *
   * @param own as recorded; the next step may have become CANCELLED where its job had been
   *     cancelled
   * @param awaiting what awaits its target's word from now on
   * @param stale answers of attempts that were another node's by then
   * @param room lanes in which something may go now that was held
   */
  record Result(
      List<Completion> own, List<Completion> awaiting, List<Completion> stale, Set<Lane> room) {
    static final Result NOTHING = new Result(List.of(), List.of(), List.of(), Set.of());
  }

  Result run(Connection connection, List<Completion> group, Instant now) throws SQLException {
    Fence fence = Fence.of(connection, group, rows.fired(), participant);
    List<FiredRow> mine = fence.endedRows();
    List<Completion> owned = fence.ended();
    List<Completion> stale = fence.stale();
    require(mine, rows.fired().delete(connection, mine));
    await(connection, fence);
    Set<JobId> follow = new LinkedHashSet<>();
    Set<JobId> touched = new LinkedHashSet<>();
    Set<JobId> awaited = new LinkedHashSet<>();
    for (Completion completion : owned) {
      JobId id = completion.firing().job().id();
      touched.add(id);
      if (completion.next() instanceof RetryAt || Rearm.mayApply(completion)) {
        follow.add(id);
      }
      if (QueuedRuns.mayWait(completion.firing().job())) {
        awaited.add(id);
      }
    }
    Map<JobId, StoredJob> jobs =
        follow.isEmpty() ? Map.of() : participant.lockJobs(connection, follow);
    List<Completion> own = new ArrayList<>();
    List<TriggerRow> more = new ArrayList<>();
    for (Completion completion : owned) {
      own.add(follow(completion, jobs.get(completion.firing().job().id()), more));
    }
    if (!own.isEmpty()) {
      participant.completed(connection, own);
    }
    if (!stale.isEmpty()) {
      participant.stale(connection, stale);
    }
    rows.changes().delete(connection, rows.triggers().finishedAmong(connection, foreign(mine)));
    rows.changes().insert(connection, more);
    queuedRuns.release(connection, awaited, participant, now);
    slowEnd.ended(connection, own);
    slowEnd.released(connection, mine);
    orphans.remove(connection, touched, now);
    aftermath.ended(connection, own, now);
    Set<Lane> room = release(connection, mine, own);
    List<Completion> answered = new ArrayList<>(own);
    answered.addAll(fence.awaiting());
    participant.answered(connection, answered);
    return new Result(own, fence.awaiting(), stale, room);
  }

  /**
   * Nothing is sent where nothing that has ended was limited. What is neither over nor waits for
   * another attempt is still under way, and keeps its permits.
   */
  private Set<Lane> release(Connection connection, List<FiredRow> mine, List<Completion> own)
      throws SQLException {
    Set<String> permitted =
        mine.stream().filter(FiredRow::permitted).map(FiredRow::entry).collect(Collectors.toSet());
    Set<ExecutionId> ended = new LinkedHashSet<>();
    Set<ExecutionId> going = new LinkedHashSet<>();
    for (Completion completion : own) {
      ExecutionId id = completion.firing().id();
      if (permitted.contains(id.value())) {
        if (completion.next() instanceof Finish) {
          ended.add(id);
        } else if (completion.next() instanceof RetryAt) {
          ended.add(id);
          going.add(id);
        }
      }
    }
    return ended.isEmpty()
        ? Set.of()
        : participant.queues().lanes().leave(connection, ended, going);
  }

  /** Sends nothing if nothing awaits, or awaited, its target's word. */
  private void await(Connection connection, Fence fence) throws SQLException {
    if (!fence.awaiting().isEmpty()) {
      require(fence.awaitingRows(), rows.marks().await(connection, fence.awaitingRows()));
      participant.runs().await(connection, fence.awaiting());
      // What Quartz wants done with the trigger at the end of its run is known here and now only.
      slowEnd.ended(connection, fence.awaiting());
    }
    Set<ExecutionId> over = fence.endedAwaiting();
    if (!over.isEmpty()) {
      participant.runs().release(connection, over);
    }
  }

  private static void require(List<FiredRow> locked, int changed) {
    if (changed != locked.size()) {
      throw new IllegalStateException(
          "changed "
              + changed
              + " of "
              + locked.size()
              + " fired rows that this transaction had locked");
    }
  }

  /** The triggers that do not go as they fire for the last time. */
  private static List<TriggerName> foreign(List<FiredRow> rows) {
    return rows.stream()
        .filter(row -> row.job() == null || !row.trigger().isOfOurMaking(row.job()))
        .map(FiredRow::trigger)
        .distinct()
        .toList();
  }

  static boolean isOwn(Firing firing, FiredRow row) {
    return row.node().equals(firing.node())
        && row.firedAt().toEpochMilli() == firing.firedAt().toEpochMilli();
  }

  /**
   * Adds the trigger that follows, if one does; a retry of a job that was cancelled meanwhile ends
   * as cancelled.
   */
  private static Completion follow(Completion completion, StoredJob job, List<TriggerRow> more) {
    Firing firing = completion.firing();
    if (completion.next() instanceof RetryAt retry) {
      if (job == null || job.state() == JobState.CANCELLED) {
        return completion.then(new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED));
      }
      more.add(
          Repeats.trigger(
              firing.id(), firing.attempt() + 1, job, retry.instant(), "retry of " + firing.id()));
    } else if (job != null) {
      Rearm.trigger(firing.id(), completion.finishedAt(), job).ifPresent(more::add);
    }
    return completion;
  }
}
