package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The triggers of jobs that are paused and resumed, with the job rows that say so. Stateless. */
final class PausedTriggers {
  private final Rows rows;
  private final StoreParticipant participant;
  private final NextFire nextFire;

  PausedTriggers(Rows rows, StoreParticipant participant, NextFire nextFire) {
    this.rows = rows;
    this.participant = participant;
    this.nextFire = nextFire;
  }

  /**
   * Holds all waiting triggers of a job.
   *
   * @param next the first planned instant that falls into the pause; null if none is planned
   */
  void begin(Connection connection, JobId job, @Nullable Instant next, Instant now)
      throws SQLException {
    participant.pauseBegins(connection, job, next, now);
    rows.changes().changeState(connection, job, TriggerRow.WAITING, TriggerRow.PAUSED);
    rows.changes().changeState(connection, job, TriggerRow.BLOCKED, TriggerRow.PAUSED_BLOCKED);
    new JobsOnHold(rows, participant).release(connection, job, TriggerRow.PAUSED);
  }

  /**
   * Lets the triggers of a job go on. One that a caller of Quartz's interface made goes on with its
   * first instant after now, or goes if there is none.
   *
   * @param caughtUp whether what fell due meanwhile is treated as late, not as paused
   */
  void end(Connection connection, JobId job, boolean caughtUp, Instant now) throws SQLException {
    participant.pauseEnds(connection, job, caughtUp, now);
    List<TriggerRow> moved =
        rows.triggers().lockOfJob(connection, job).stream()
            .filter(row -> row.state().equals(TriggerRow.PAUSED) && !row.name().isOfOurMaking(job))
            .flatMap(row -> afterPause(row, now).stream())
            .toList();
    rows.changes().advance(connection, moved.stream().filter(TriggerRow::firesAgain).toList());
    rows.changes()
        .delete(
            connection,
            moved.stream().filter(row -> !row.firesAgain()).map(TriggerRow::name).toList());
    rows.changes().changeState(connection, job, TriggerRow.PAUSED, TriggerRow.WAITING);
    rows.changes().changeState(connection, job, TriggerRow.PAUSED_BLOCKED, TriggerRow.BLOCKED);
  }

  private Optional<TriggerRow> afterPause(TriggerRow row, Instant now) {
    boolean once =
        row.kind() instanceof TriggerRow.Simple simple
            && simple.repeatCount() != TriggerRow.FOR_EVER;
    if (once || row.nextFireTime() > now.toEpochMilli()) {
      return Optional.empty();
    }
    try {
      long next = nextFire.firstAfter(row, now.toEpochMilli());
      return Optional.of(row.after(row.previousFireTime(), next, row.requireKind()));
    } catch (NextFire.Unreadable e) {
      return Optional.empty();
    }
  }
}
