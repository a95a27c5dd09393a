package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant.Standing;
import io.carillon.job.JobState;
import io.carillon.job.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one job is put right: decided from its own rows, of which the row in table {@code job} is the
 * one that counts. A trigger that can be read goes on as it is; one that cannot is made anew. What
 * cannot be told from the rows is left alone, in ERROR if that is where it is.
 */
final class Remedy {
  private final JobFindings job;
  private final Replanning replanning;
  private final NextFire nextFire;
  private final Instant now;

  private final List<TriggerName> removed = new ArrayList<>();
  private final List<TriggerRow> planted = new ArrayList<>();
  private final Set<Ownerless> kinds = EnumSet.noneOf(Ownerless.class);
  private int left;
  private boolean planned;
  private boolean goesOn;

  private Remedy(JobFindings job, Replanning replanning, NextFire nextFire, Instant now) {
    this.job = job;
    this.replanning = replanning;
    this.nextFire = nextFire;
    this.now = now;
  }

  static Remedy of(JobFindings job, Replanning replanning, NextFire nextFire, Instant now) {
    Remedy remedy = new Remedy(job, replanning, nextFire, now);
    job.triggers().forEach(remedy::examine);
    remedy.examinePlan();
    remedy.examineDetail();
    return remedy;
  }

  List<TriggerName> removed() {
    return removed;
  }

  /** Replacements of removed ones among them. */
  List<TriggerRow> planted() {
    return planted;
  }

  Set<Ownerless> kinds() {
    return kinds;
  }

  private void examine(TriggerRow row) {
    boolean own = row.name().repeat().isEmpty();
    if (row.state().equals(TriggerRow.COMPLETE)) {
      if (job.isFired(row.name())) {
        keep(own);
      } else {
        remove(row, Ownerless.TRIGGER_FINISHED);
      }
      return;
    }
    if (row.state().equals(TriggerRow.QUEUED) && isSound(row) && !isForgotten()) {
      keep(own);
      return;
    }
    boolean still =
        row.state().equals(TriggerRow.WAITING)
            || row.state().equals(TriggerRow.PAUSED)
            || row.state().equals(TriggerRow.HELD);
    boolean sound = isSound(row);
    if (still && sound) {
      keep(own);
    } else if (own) {
      replaceOwn(row, sound);
    } else {
      replaceRepeat(row, sound);
    }
  }

  /**
   * Whether an execution that waits for others of its job is to go on because there are none. The
   * first that is asked about is then one of them.
   */
  private boolean isForgotten() {
    boolean alone =
        !goesOn
            && job.fired().isEmpty()
            && job.triggers().stream()
                .noneMatch(
                    other ->
                        other.name().repeat().isPresent()
                            && !other.state().equals(TriggerRow.QUEUED));
    goesOn |= alone;
    return alone;
  }

  private void keep(boolean own) {
    left++;
    planned |= own;
  }

  private void remove(TriggerRow row, Ownerless kind) {
    removed.add(row.name());
    kinds.add(kind);
  }

  private void replaceOwn(TriggerRow row, boolean sound) {
    if (!job.isLive()) {
      remove(row, kind(row, sound));
      return;
    }
    Optional<TriggerRow> fresh =
        sound
            ? Optional.of(row.withState(state()))
            : plan(row.firesAgain() ? Instant.ofEpochMilli(row.nextFireTime()) : null);
    remove(row, kind(row, sound));
    planned = true;
    fresh.ifPresent(planted::add);
  }

  /** Only what the execution awaits; an execution that cannot be read leaves its trigger parked. */
  private void replaceRepeat(TriggerRow row, boolean sound) {
    TriggerName.Repeat repeat = row.name().repeat().orElseThrow();
    Standing standing = job.executions().get(repeat.execution());
    if (standing == null) {
      keep(false);
      return;
    }
    remove(row, kind(row, sound));
    if (standing.awaits(repeat.attempt()) && job.job().state() != JobState.CANCELLED) {
      Instant at = row.firesAgain() ? Instant.ofEpochMilli(row.nextFireTime()) : now;
      planted.add(
          sound
              ? row.withState(state())
              : Repeats.trigger(
                  repeat.execution(), repeat.attempt(), job.job(), at, "written anew"));
    }
  }

  private static Ownerless kind(TriggerRow row, boolean sound) {
    if (!sound) {
      return Ownerless.TRIGGER_DAMAGED;
    }
    return row.state().equals(TriggerRow.ERROR) ? Ownerless.TRIGGER_ERROR : Ownerless.TRIGGER_HELD;
  }

  private boolean isSound(TriggerRow row) {
    if (!row.firesAgain()) {
      return false;
    }
    try {
      nextFire.check(row);
      return true;
    } catch (NextFire.Unreadable e) {
      return false;
    }
  }

  private String state() {
    return job.job().state() == JobState.PAUSED ? TriggerRow.PAUSED : TriggerRow.WAITING;
  }

  private Optional<TriggerRow> plan(@Nullable Instant next) {
    return replanning.plan(job.job(), job.acceptedAt(), next, now).trigger();
  }

  /**
   * A job that should fire and has no trigger of its own gets one, if anything is still to come.
   */
  private void examinePlan() {
    if (planned || !job.isLive() || job.isPlanFired()) {
      return;
    }
    // The end of a run plants the next one of these.
    boolean follows = job.job().job().schedule() instanceof Schedule.FixedDelay;
    if (follows && job.isLatestOpen()) {
      return;
    }
    plan(null)
        .ifPresent(
            trigger -> {
              planted.add(trigger);
              kinds.add(Ownerless.JOB_UNPLANNED);
            });
  }

  private void examineDetail() {
    boolean needed = left > 0 || !planted.isEmpty();
    if (needed && !job.runnable() && job.job().state() != JobState.CANCELLED) {
      kinds.add(Ownerless.DETAIL_MISSING);
    }
  }

  /** Whether its JobDetail has to be there. */
  boolean needsDetail() {
    return !planted.isEmpty() || kinds.contains(Ownerless.DETAIL_MISSING);
  }

  /** Whether nothing of it is planned or running, now that it is put right. */
  boolean isOver() {
    return left == 0 && planted.isEmpty() && job.fired().isEmpty() && !job.isLatestOpen();
  }

  /** Its JobDetail, which is the same whenever it fires. */
  JobRows.Detail detail() {
    return replanning.plan(job.job(), job.acceptedAt(), now, now).detail();
  }
}
