package io.carillon.quartz;

import io.carillon.execution.StoreParticipant.Move;
import io.carillon.job.Exclusions;
import io.carillon.job.Jitter;
import io.carillon.job.JobExceptions.NothingPlanned;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Skipped;
import io.carillon.job.JobState;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Timetable;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Skips the next planned instants of a job: each gets its execution row, as SKIPPED, and the
 * trigger moves past them, in one transaction under the lock row, so that no instant is both run
 * and skipped. Used by one thread, inside one transaction.
 */
final class SkipNext {
  private final StoreSession session;
  private final StoredJob job;
  private final Timetable timetable;
  private final Instant now;

  private SkipNext(StoreSession session, StoredJob job, Timetable timetable, Instant now) {
    this.session = session;
    this.job = job;
    this.timetable = timetable;
    this.now = now;
  }

  /** Reads what the job's plan hangs on. Two statements at most. */
  static SkipNext of(StoreSession session, StoredJob job, Instant now) throws SQLException {
    Instant accepted =
        session.ours(
            (ours, c) -> ours.acceptedAt(c, Set.of(job)).getOrDefault(job.id(), job.createdAt()));
    Exclusions exclusions = session.exclusions(job.job());
    return new SkipNext(
        session, job, Timetable.of(job.job().schedule(), accepted, exclusions), now);
  }

  /**
   * @param wanted why, in the client's words
   * @throws NothingPlanned if nothing is
   */
  Skipped run(int count, @Nullable String wanted) throws SQLException {
    JobId id = job.id();
    StoreSession.Planned plan = session.lockPlan(id).orElseThrow(() -> new NothingPlanned(id));
    boolean passesOver = passesOver(plan);
    Optional<Instant> at = passesOver ? timetable.next(now) : Optional.of(plan.next());
    List<Instant> skipped = new ArrayList<>();
    while (skipped.size() < count && at.isPresent()) {
      List<Instant> some = new ArrayList<>();
      while (skipped.size() + some.size() < count && at.isPresent()) {
        some.add(at.get());
        at = following(at.get());
      }
      // One that has a row already was skipped before, while its trigger was held.
      skipped.addAll(session.ours((ours, c) -> ours.skipped(c, job, some, wanted, now)));
    }
    if (skipped.isEmpty()) {
      throw new NothingPlanned(id);
    }
    if (!passesOver) {
      move(at);
    }
    StoredJob left = session.lockJobs(Set.of(id)).getOrDefault(id, job);
    boolean shows = left.state() == JobState.ACTIVE && !plan.held();
    return new Skipped(left.withNextFireTime(shows ? at.orElse(null) : null), skipped);
  }

  /**
   * Whether a resume will pass over the instant that the trigger stands at. Then it stays there, as
   * those instants are still to be accounted for, and the rows alone keep the skipped ones from
   * being run.
   */
  private boolean passesOver(StoreSession.Planned plan) {
    Schedule schedule = job.job().schedule();
    return plan.held()
        && schedule.recurring()
        && !(schedule instanceof Schedule.FixedDelay)
        && !plan.next().isAfter(now);
  }

  private Optional<Instant> following(Instant at) {
    Schedule schedule = job.job().schedule();
    if (schedule instanceof Schedule.FixedDelay delay) {
      Instant end = schedule.limits().endAt();
      return Optional.of(at.plus(delay.every())).filter(next -> end == null || !next.isAfter(end));
    }
    return schedule.recurring() ? timetable.next(at) : Optional.empty();
  }

  private void move(Optional<Instant> next) throws SQLException {
    if (next.isPresent()) {
      Instant at = Jitter.apply(job.id(), next.get(), job.job().schedule().limits().jitter());
      session.movePlan(job.id(), new Move(next.get(), at));
      return;
    }
    session.removePlan(job.id());
    if (job.state() == JobState.PAUSED && session.isIdle(job.id())) {
      session.update(JobChange.state(job, JobState.ACTIVE, null, now), false);
    }
    session.settle(job.id(), now);
  }
}
