package io.carillon.spec;

import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The next planned instants of a stored job. Stateless. */
public final class Upcoming {
  private Upcoming() {}

  /**
   * From the engine's own next instant where there is one. What is paused keeps its plan: a
   * recurring job's next instants from now on, a single one also when it is past, since it runs as
   * soon as it is resumed.
   *
   * @return in order, at most {@code wanted} and no more than {@code maxRuns} leaves
   */
  public static List<Instant> of(StoredJob job, Instant now, int wanted) {
    Schedule schedule = job.job().schedule();
    Integer maxRuns = schedule.limits().maxRuns();
    int count = maxRuns == null ? wanted : (int) Math.min(wanted, maxRuns - job.runs());
    if (count < 1) {
      return List.of();
    }
    Instant next = job.nextFireTime();
    if (next != null) {
      return from(next, schedule, count);
    }
    if (!schedule.recurring()) {
      return job.runs() > 0 ? List.of() : Plan.first(schedule, accepted(job)).stream().toList();
    }
    Instant last = job.lastScheduledAt();
    return Plan.next(
        schedule, accepted(job), last != null && last.isAfter(now) ? last : now, count);
  }

  /** When its schedule came into force: exactly, as long as it is the first one. */
  private static Instant accepted(StoredJob job) {
    return job.generation() == 1 ? job.createdAt() : job.updatedAt();
  }

  private static List<Instant> from(Instant next, Schedule schedule, int count) {
    List<Instant> instants = new ArrayList<>(List.of(next));
    if (count > 1) {
      Instant accepted =
          schedule instanceof Schedule.FixedRate rate ? next.minus(rate.every()) : next;
      instants.addAll(Plan.next(schedule, accepted, next, count - 1));
    }
    return instants;
  }
}
