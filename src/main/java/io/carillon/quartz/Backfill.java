package io.carillon.quartz;

import io.carillon.execution.ExecutionId;
import io.carillon.job.Exclusions;
import io.carillon.job.JobExceptions.NothingToFill;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Backfilled;
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
 * Runs planned instants of the past after the fact. Works inside the caller's transaction, with a
 * number of statements that does not grow with the range.
 *
 * @param from the first instant that counts
 * @param to the last instant that counts
 */
record Backfill(Instant from, Instant to, boolean preview) {

  Backfilled run(StoreSession session, StoredJob job, Exclusions exclusions, Instant now)
      throws SQLException {
    List<Instant> planned = planned(job, session.nextPlanned(job.id()).orElse(null), exclusions);
    if (planned.isEmpty()) {
      return new Backfilled(0, 0, List.of());
    }
    Set<Instant> begun = session.ours((ours, c) -> ours.begun(c, job.id(), from, to));
    List<ExecutionId> fresh =
        planned.stream()
            .filter(instant -> !begun.contains(instant))
            .map(instant -> ExecutionId.backfilled(job.id(), instant))
            .toList();
    if (!preview && !fresh.isEmpty()) {
      session.ours(
          (ours, c) -> {
            ours.insertBackfill(c, fresh, job);
            return fresh;
          });
      session.store(List.of(PlannedJobs.withPlan(job.job(), null, false)));
      session.plantBackfill(fresh, job, now);
    }
    return new Backfilled(
        planned.size(),
        planned.size() - fresh.size(),
        preview ? List.of() : fresh.stream().map(ExecutionId::value).toList());
  }

  private List<Instant> planned(StoredJob job, @Nullable Instant next, Exclusions exclusions) {
    Schedule schedule = job.job().schedule();
    if (!schedule.recurring() || schedule instanceof Schedule.FixedDelay) {
      throw new NothingToFill(
          "backfill_not_recurring", "only schedules that repeat by themselves can be backfilled");
    }
    Timetable table = Timetable.asIfFrom(schedule, from, known(job, next), exclusions);
    List<Instant> planned = new ArrayList<>();
    Optional<Instant> at = table.next(from.minusMillis(1));
    while (at.isPresent() && !at.get().isAfter(to)) {
      if (planned.size() == JobScheduler.MOST_BACKFILLED) {
        throw new NothingToFill(
            "backfill_too_large",
            "more than "
                + JobScheduler.MOST_BACKFILLED
                + " instants are planned there: ask for a part at a time, such as up to "
                + planned.get(planned.size() - 1));
      }
      planned.add(at.get());
      at = table.next(at.get());
    }
    return planned;
  }

  private static Instant known(StoredJob job, @Nullable Instant next) {
    if (next != null) {
      return next;
    }
    Instant last = job.lastScheduledAt();
    return last == null ? job.createdAt() : last;
  }
}
