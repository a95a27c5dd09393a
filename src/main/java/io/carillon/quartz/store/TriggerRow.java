package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant.Move;
import io.carillon.job.JobId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of QRTZ_TRIGGERS, with its row of QRTZ_SIMPLE_TRIGGERS, QRTZ_CRON_TRIGGERS or, of our own
 * type, QRTZ_SIMPROP_TRIGGERS. Times are milliseconds since 1970.
 *
 * @param job null if the row names no job of ours
 * @param state {@code WAITING}, {@code PAUSED}, {@code COMPLETE}, {@code ERROR}; {@code QUEUED} of
 *     an execution that waits for another one of its job, {@code HELD} of one that a limit holds;
 *     or while another run of a job is under way that does not run beside itself, {@code BLOCKED}
 *     or {@code PAUSED_BLOCKED}
 * @param nextFireTime -1 if it will not fire again
 * @param previousFireTime -1 if it has not fired
 * @param endTime 0 if it has none
 * @param kind the sub-row; null if it is missing
 */
record TriggerRow(
    TriggerName name,
    @Nullable JobId job,
    String state,
    @Nullable String description,
    int priority,
    long nextFireTime,
    long previousFireTime,
    long startTime,
    long endTime,
    @Nullable Kind kind) {
  static final String WAITING = "WAITING";
  static final String PAUSED = "PAUSED";
  static final String BLOCKED = "BLOCKED";
  static final String PAUSED_BLOCKED = "PAUSED_BLOCKED";
  static final String COMPLETE = "COMPLETE";
  static final String QUEUED = "QUEUED";
  static final String HELD = "HELD";
  static final String ERROR = "ERROR";

  /** Repeats for ever. */
  static final int FOR_EVER = -1;

  /** What makes a trigger simple or cron. */
  sealed interface Kind {
    /** TRIGGER_TYPE of the row. */
    String type();
  }

  /** A fixed interval; {@code repeatCount} 0 is a one-shot. */
  record Simple(long repeatCount, long interval, long timesTriggered) implements Kind {
    static final String TYPE = "SIMPLE";
    static final Simple ONCE = new Simple(0, 0, 0);

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** Quartz's cron text in a zone. */
  record Cron(String expression, String zone) implements Kind {
    static final String TYPE = "CRON";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * Our own type: a plan that neither of the others can tell. Its job's schedule says what is next;
   * the texts say it to people.
   *
   * @param planned the next planned instant; the trigger fires later by the jitter
   * @param plan what is planned, at most 512 characters
   * @param zone in which, if in any
   * @param rules what is done about clock changes, exclusions, jitter
   */
  record Own(long planned, String plan, String zone, String rules) implements Kind {
    static final String TYPE = "CARILLON";

    @Override
    public String type() {
      return TYPE;
    }

    Own at(long next) {
      return new Own(next, plan, zone, rules);
    }
  }

  /**
   * What the sets do not cover: a trigger with a calendar, or of another type. {@link SlowPath}
   * fires it.
   *
   * @param type as the row says, such as {@code CAL_INT}
   */
  record Other(String type, @Nullable String calendar) implements Kind {}

  /** A trigger that fires once, at {@code at}. */
  static TriggerRow once(
      TriggerName name, JobId job, String state, String description, int priority, long at) {
    return new TriggerRow(name, job, state, description, priority, at, -1, at, 0, Simple.ONCE);
  }

  /** The sub-row of a trigger that was seen to have one. */
  Kind requireKind() {
    return Objects.requireNonNull(kind, "no sub-row");
  }

  TriggerRow withKind(@Nullable Kind other) {
    return with(state, nextFireTime, previousFireTime, other);
  }

  /** The planned instant, where the trigger fires later by its jitter. */
  long planned() {
    return kind instanceof Own own ? own.planned() : nextFireTime;
  }

  /** Moved on to where the plan of its job goes on. */
  TriggerRow moved(Move move) {
    Instant planned = move.planned();
    Instant at = move.at();
    Kind next = kind instanceof Own own && planned != null ? own.at(planned.toEpochMilli()) : kind;
    return with(state, at == null ? -1 : at.toEpochMilli(), nextFireTime, next);
  }

  TriggerRow after(long fired, long next, Kind kindNow) {
    return with(state, next, fired, kindNow);
  }

  TriggerRow withState(String other) {
    return with(other, nextFireTime, previousFireTime, kind);
  }

  TriggerRow withPreviousFireTime(long fired) {
    return with(state, nextFireTime, fired, kind);
  }

  private TriggerRow with(String newState, long next, long previous, @Nullable Kind newKind) {
    return new TriggerRow(
        name, job, newState, description, priority, next, previous, startTime, endTime, newKind);
  }

  /** The job, of a row that names one. */
  JobId requireJob() {
    return Objects.requireNonNull(job, () -> name + " names no job of ours");
  }

  boolean firesAgain() {
    return nextFireTime > 0;
  }
}
