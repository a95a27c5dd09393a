package io.carillon.quartz;

import io.carillon.execution.StoreParticipant.Move;
import io.carillon.job.Exclusions;
import io.carillon.job.Jitter;
import io.carillon.job.JobId;
import io.carillon.job.Replanner;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Timetable;
import io.carillon.quartz.store.StoreEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;

/**
 * Moves the triggers of jobs to where their plans go on after a calendar has changed. What is due
 * is left to the firing, which looks at the calendars itself; and what a calendar passed over while
 * it excluded it stays so. Thread-safe.
 */
final class CalendarReplanner implements Replanner {
  private final StoreEngine store;
  private final JobTransactions transactions;
  private final InstantSource clock;

  CalendarReplanner(StoreEngine store, InstantSource clock) {
    this.store = store;
    this.transactions = new JobTransactions(store);
    this.clock = clock;
  }

  @Override
  public void replan(Collection<JobId> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    transactions.run(
        null,
        session -> {
          session.replan(jobs, this::next);
          return jobs;
        });
    store.wake();
  }

  private Optional<Move> next(StoredJob job, Instant planned, Exclusions exclusions) {
    Schedule schedule = job.job().schedule();
    Instant now = clock.instant();
    if (!schedule.recurring() || schedule instanceof Schedule.FixedDelay || !planned.isAfter(now)) {
      return Optional.empty();
    }
    Instant last = job.lastScheduledAt();
    Instant after = last != null && last.isAfter(now) ? last : now;
    return Timetable.asIfFrom(schedule, after, planned, exclusions)
        .next(after)
        .filter(next -> !next.equals(planned))
        .map(next -> new Move(next, Jitter.apply(job.id(), next, schedule.limits().jitter())));
  }
}
