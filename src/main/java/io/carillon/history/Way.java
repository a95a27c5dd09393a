package io.carillon.history;

import io.carillon.execution.OpenRuns.Open;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Plan;
import io.carillon.job.StoredJob;
import java.time.Instant;

/** What is done about other executions of a job that stand in the way of a run. */
enum Way {
  FREE,
  SKIP,
  QUEUE,
  OVERTAKE;

  /** So many executions of a job wait for others of it at most. */
  private static final int MOST_QUEUED = 1_000;

  /**
   * As the job's policy says. What was due already when the run began that is in its way waits for
   * it, as do late ones.
   */
  static Way of(Due due, StoredJob job, Instant run, boolean caughtUp, Open others) {
    if (others.isIdle() || due.plan() == Plan.FOREIGN) {
      return FREE;
    }
    boolean room = others.queued() < MOST_QUEUED;
    boolean waits = room && (caughtUp || others.beganAfter(run));
    return switch (job.job().policies().overlap()) {
      case ALLOW -> FREE;
      case SKIP -> waits ? QUEUE : SKIP;
      case QUEUE_ONE -> others.queued() == 0 || waits ? QUEUE : SKIP;
      case QUEUE_ALL -> room ? QUEUE : SKIP;
      case CANCEL_RUNNING -> OVERTAKE;
    };
  }

  /** Whether it runs now, unless a limit holds it. */
  boolean goes() {
    return this == FREE || this == OVERTAKE;
  }
}
