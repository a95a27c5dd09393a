package io.carillon.quartz.store;

import java.util.Locale;

/** States that nothing on any node would ever end, as metrics and the audit log name them. */
enum Ownerless {
  /** A trigger in a state that our nodes never leave behind: ACQUIRED, BLOCKED, anything else. */
  TRIGGER_HELD,
  /** A trigger in ERROR that can be read: a stock node put it there, or its job was repaired. */
  TRIGGER_ERROR,
  /** A trigger that will not fire again and of which nothing runs. */
  TRIGGER_FINISHED,
  /** A trigger whose sub-row is missing or cannot be read. */
  TRIGGER_DAMAGED,
  /** A job without its JobDetail, or with one of another class. */
  DETAIL_MISSING,
  /** A job that should fire and has no trigger. */
  JOB_UNPLANNED,
  /** A job of which nothing is planned or running, not yet COMPLETED. */
  JOB_OVER,
  /** An execution that is RUNNING and that no node runs. */
  EXECUTION_LOST,
  /** An execution that waits for an attempt and has no trigger for it. */
  ATTEMPT_UNPLANNED,
  /** A trigger that is held without a place in a lane, or a place without a trigger. */
  HELD_LOST,
  /** A permit of an execution that does not run. */
  PERMIT_LEFT;

  /** In lower case. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
