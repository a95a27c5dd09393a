package io.carillon.quartz;

import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobState;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Timetable;
import io.carillon.quartz.store.PlannedJob;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a stored job becomes another: generation, version, state and plan. Works inside the caller's
 * transaction.
 */
final class JobChange {
  private JobChange() {}

  /** The same definition in another state; the version rises. */
  static StoredJob state(
      StoredJob old, JobState state, StoredJob.@Nullable Pause pause, Instant now) {
    return old.in(state, pause, now);
  }

  /**
   * Replaces the definition. The plan begins anew, under a new generation, when the schedule
   * differs or when asked; otherwise it is kept, also where the job moves to another queue or
   * priority.
   */
  static StoredJob apply(
      StoreSession session, StoredJob old, Job next, boolean restart, Instant now)
      throws SQLException {
    boolean replan = restart || !old.job().schedule().equals(next.schedule());
    boolean moves =
        !old.job().queue().equals(next.queue()) || old.job().priority() != next.priority();
    boolean paused = old.state() == JobState.PAUSED;
    Optional<Instant> kept = session.nextPlanned(old.id());
    PlannedJob planned =
        replan
            ? PlannedJobs.plan(next, now, old.lastScheduledAt(), paused, session.exclusions(next))
            : PlannedJobs.withPlan(next, moves ? kept.orElse(null) : null, paused);
    if (replan || (moves && kept.isPresent())) {
      session.removePlan(old.id());
    }
    JobState state = replan ? (paused ? JobState.PAUSED : JobState.ACTIVE) : old.state();
    boolean live = state == JobState.ACTIVE || state == JobState.PAUSED;
    if (live) {
      session.store(List.of(planned));
    }
    StoredJob changed =
        new StoredJob(
            next,
            state,
            replan ? old.generation() + 1 : old.generation(),
            old.version() + 1,
            replan ? 0 : old.runs(),
            old.lastScheduledAt(),
            paused ? old.pause() : null,
            old.createdAt(),
            now,
            live ? null : old.finishedAt(),
            null);
    if (replan && !paused) {
      // It may have been paused when it was cancelled: its new plan is not.
      session.ours(
          (ours, c) -> {
            ours.pauseEnds(c, old.id(), false, now);
            return null;
          });
    }
    session.update(changed, true);
    if (live) {
      session.settle(old.id(), now);
    }
    StoredJob settled = session.lockJobs(Set.of(old.id())).getOrDefault(old.id(), changed);
    return settled.state() == JobState.ACTIVE
        ? settled.withNextFireTime(session.nextPlanned(old.id()).orElse(null))
        : settled;
  }

  /** What fell into the pause is passed over in a moment; nobody wants to hear of it as next. */
  static StoredJob afterPause(StoredJob job, Exclusions exclusions, Instant now) {
    Instant planned = job.nextFireTime();
    Schedule schedule = job.job().schedule();
    boolean onGrid = schedule.recurring() && !(schedule instanceof Schedule.FixedDelay);
    if (planned == null || !onGrid || planned.isAfter(now)) {
      return job;
    }
    Timetable table = Timetable.through(schedule, planned, exclusions);
    return job.withNextFireTime(table.next(now).orElse(null));
  }
}
