package io.carillon.spec;

import io.carillon.cron.Tick;
import io.carillon.job.Exclusions;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The next planned instants of a stored job. Stateless. */
public final class Upcoming {
  private Upcoming() {}

  /**
   * From the engine's own next instant where there is one. What is paused keeps its plan: a
   * recurring job's next instants from now on, a single one also when it is past, since it runs as
   * soon as it is resumed.
   *
   * @param runs how many that run are wanted; no more than {@code maxRuns} leaves are told
   * @param passedOver whether those that do not run are told too, with the reason
   * @return in order
   */
  public static List<Tick> of(
      StoredJob job, Exclusions exclusions, Instant now, int runs, boolean passedOver) {
    Schedule schedule = job.job().schedule();
    Integer maxRuns = schedule.limits().maxRuns();
    long left = maxRuns == null ? Long.MAX_VALUE : maxRuns - job.runs();
    TickList list = new TickList(runs, left, passedOver);
    Instant next = job.nextFireTime();
    Instant last = job.lastScheduledAt();
    Instant from = last != null && last.isAfter(now) ? last : now;
    if (next != null) {
      Timetable times = Timetable.of(schedule, accepted(job, from, next), exclusions);
      before(times, from, next, list);
      // A calendar may have changed since it was planned: then it is passed over when it is due.
      list.add(
          times
              .tick(next.minusMillis(1))
              .filter(tick -> tick.at().equals(next))
              .orElse(Tick.of(next)));
      if (!(schedule instanceof Schedule.FixedDelay)) {
        list.addAll(times, next);
      }
      return list.ticks();
    }
    Timetable times = Timetable.of(schedule, accepted(job, from, null), exclusions);
    if (schedule.recurring()) {
      list.addAll(times, from);
    } else if (job.runs() == 0) {
      list.addAll(times, Instant.EPOCH.minusMillis(1));
    }
    return list.ticks();
  }

  /** The next one that runs, without a look at calendars. */
  public static Optional<Instant> next(StoredJob job, Instant now) {
    return of(job, Exclusions.NONE, now, 1, false).stream().map(Tick::at).findFirst();
  }

  /** What is passed over on the way to the next that runs. */
  private static void before(Timetable times, Instant from, Instant next, TickList list) {
    Instant at = from;
    while (list.tellsPassedOver() && !list.isFull()) {
      Optional<Tick> tick = times.tick(at);
      if (tick.isEmpty() || !tick.get().at().isBefore(next)) {
        return;
      }
      if (!tick.get().runs()) {
        list.add(tick.get());
      }
      at = tick.get().at();
    }
  }

  /**
   * When its schedule came into force: exactly, as long as it is the first one. The grid of a rate
   * is told by its next instant.
   */
  private static Instant accepted(StoredJob job, Instant from, @Nullable Instant next) {
    if (next != null
        && job.job().schedule() instanceof Schedule.FixedRate rate
        && rate.limits().startAt() == null) {
      long steps = Math.max(0, Duration.between(from, next).dividedBy(rate.every()));
      return next.minus(rate.every().multipliedBy(steps + 1));
    }
    return job.generation() == 1 ? job.createdAt() : job.updatedAt();
  }
}
