package io.carillon.execution;

import io.carillon.job.CatchUp;
import io.carillon.job.Exclusions;
import io.carillon.job.Jitter;
import io.carillon.job.Job;
import io.carillon.job.Passed;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a planned instant that is due, and of those behind it that are late: which one
 * runs, which are skipped and why, and where the plan goes on. Pure; bounded in instants and rows,
 * so that a long downtime is settled in portions, each of which begins where the last one ended.
 *
 * @param run the instant that runs now, unless another execution of the job is in its way; null if
 *     none does
 * @param caughtUp whether that one is late and runs all the same
 * @param skipped in order
 * @param passed what is kept of instants that will not run; null leaves it as it is
 * @param next where the plan goes on; null if it does not, or only with the end of this run
 */
public record Settlement(
    @Nullable Instant run,
    boolean caughtUp,
    List<Skipped> skipped,
    @Nullable Passed passed,
    @Nullable Instant next) {
  /** In one portion. */
  static final int MOST_INSTANTS = 5_000;

  private static final int MOST_ROWS = 64;

  /** What begins within this is on time, whatever the job says. */
  private static final Duration LEAST_LATE = Duration.ofSeconds(2);

  /** Whether an instant can run at once, without a look at what else is planned. */
  public static boolean isOnTime(Job job, @Nullable Passed passed, Instant due, Instant now) {
    return !(passed != null && passed.covers(due))
        && !isExpired(job, due, now)
        && !isLate(job, due, now);
  }

  /**
   * @param passed what is known not to run; null if nothing is
   * @param due planned, at or before now (with its jitter)
   */
  public static Settlement of(
      Job job, @Nullable Passed passed, Instant due, Instant now, Exclusions exclusions) {
    Timetable table = Timetable.through(job.schedule(), due, exclusions);
    Schedule schedule = job.schedule();
    boolean grid = schedule.recurring() && !(schedule instanceof Schedule.FixedDelay);
    return grid ? new Walk(job, passed, now, table).from(due) : single(job, due, now, table);
  }

  /** The same, with its run skipped. */
  public Settlement without(Instant notRun, String reason, Job job, Instant now) {
    List<Skipped> more = new ArrayList<>(skipped);
    more.add(Skipped.one(notRun, reason));
    return new Settlement(null, false, more, passed, next == null ? after(job, now) : next);
  }

  /** One-time jobs run late without limit; a fixed delay goes on from the end of its last run. */
  private static Settlement single(Job job, Instant due, Instant now, Timetable table) {
    boolean follows = job.schedule() instanceof Schedule.FixedDelay;
    String reason = null;
    if (isExpired(job, due, now)) {
      reason = Reasons.EXPIRED;
    } else if (table.excludes(due)) {
      if (follows) {
        return new Settlement(null, false, List.of(), null, table.freeFrom(due));
      }
      reason = Reasons.CALENDAR;
    } else if (follows && isLate(job, due, now) && policy(job) == CatchUp.Policy.SKIP) {
      reason = Reasons.MISFIRE;
    }
    return reason == null
        ? new Settlement(due, isLate(job, due, now), List.of(), null, null)
        : new Settlement(null, false, List.of(Skipped.one(due, reason)), null, after(job, now));
  }

  /** Where a plan goes on whose instants hang on runs, if this one is not run. */
  private static @Nullable Instant after(Job job, Instant now) {
    if (!(job.schedule() instanceof Schedule.FixedDelay delay)) {
      return null;
    }
    Instant next = now.plus(delay.every());
    Instant endAt = delay.limits().endAt();
    return endAt != null && next.isAfter(endAt) ? null : next;
  }

  private static CatchUp.Policy policy(Job job) {
    return job.policies().catchUp().policy();
  }

  private static Duration age(Job job, Instant planned, Instant now) {
    return Duration.between(Jitter.apply(job.id(), planned, job.schedule().limits().jitter()), now);
  }

  private static boolean isLate(Job job, Instant planned, Instant now) {
    return job.schedule().recurring() && age(job, planned, now).compareTo(lateAfter(job)) > 0;
  }

  private static Duration lateAfter(Job job) {
    Duration after = job.policies().catchUp().after();
    return after.compareTo(LEAST_LATE) < 0 ? LEAST_LATE : after;
  }

  /** Whether an instant is later than its job may be. */
  public static boolean isExpired(Job job, Instant planned, Instant now) {
    Duration most = job.policies().expiresAfter();
    return most != null && age(job, planned, now).compareTo(most) > 0;
  }

  /** From instant to instant of a plan, up to the first that is on time. One use. */
  private static final class Walk {
    private final Job job;
    private final @Nullable Passed passed;
    private final Instant now;
    private final Timetable table;
    private final CatchUp catchUp;
    private final List<Skipped> skipped = new ArrayList<>();

    /** The latest late one that may run. */
    private @Nullable Instant candidate;

    /** Whether something behind it was skipped already. */
    private boolean isLatest;

    Walk(Job job, @Nullable Passed passed, Instant now, Timetable table) {
      this.job = job;
      this.passed = passed;
      this.now = now;
      this.table = table;
      this.catchUp = job.policies().catchUp();
    }

    Settlement from(Instant due) {
      Optional<Instant> at = Optional.of(due);
      for (int count = 0; at.isPresent(); count++) {
        Instant planned = at.get();
        if (count >= MOST_INSTANTS || skipped.size() >= MOST_ROWS) {
          // Behind what was written nothing may begin again at the candidate: it runs now.
          return isLatest
              ? end(candidate, true, planned)
              : end(null, false, candidate == null ? planned : candidate);
        }
        if (!table.excludes(planned)) {
          String reason = reason(planned);
          if (reason != null) {
            dropOvertaken(planned);
            skip(planned, reason);
            isLatest = candidate != null;
          } else if (!isLate(job, planned, now)) {
            return onTime(planned);
          } else if (catchUp.policy() == CatchUp.Policy.FIRE_ALL) {
            return new Settlement(
                planned, true, skipped, bound(planned), table.next(planned).orElse(null));
          } else {
            replace(planned);
          }
        }
        at = table.next(planned);
      }
      return end(candidate, true, null);
    }

    private Settlement onTime(Instant planned) {
      if (candidate != null) {
        return end(candidate, true, planned);
      }
      boolean due = !Jitter.apply(job.id(), planned, job.schedule().limits().jitter()).isAfter(now);
      return due
          ? end(planned, false, table.next(planned).orElse(null))
          : end(null, false, planned);
    }

    private Settlement end(@Nullable Instant run, boolean caughtUp, @Nullable Instant next) {
      return new Settlement(run, run != null && caughtUp, skipped, null, next);
    }

    /** Why it is not run, whatever else is planned; null if it may be. */
    private @Nullable String reason(Instant planned) {
      if (passed != null && passed.covers(planned)) {
        return passed.reason();
      }
      if (isExpired(job, planned, now)) {
        return Reasons.EXPIRED;
      }
      boolean over =
          isLate(job, planned, now)
              && (catchUp.policy() == CatchUp.Policy.SKIP
                  || age(job, planned, now).compareTo(catchUp.window()) > 0);
      return over ? Reasons.MISFIRE : null;
    }

    /**
     * Before what is passed over: the latest late one so far is not the latest if what follows it
     * is late as well. So spans stay in order, and a portion need not begin again at it.
     */
    private void dropOvertaken(Instant planned) {
      if (candidate == null || passed == null || passed.to() == null || !passed.covers(planned)) {
        return;
      }
      boolean replaced =
          table.next(passed.to().minusMillis(1)).filter(at -> isLate(job, at, now)).isPresent();
      if (replaced) {
        skip(candidate, Reasons.MISFIRE);
        candidate = null;
      }
    }

    private void replace(Instant planned) {
      if (candidate != null) {
        skip(candidate, Reasons.MISFIRE);
      }
      candidate = planned;
      isLatest = false;
    }

    private void skip(Instant planned, String reason) {
      Skipped last = skipped.isEmpty() ? null : skipped.get(skipped.size() - 1);
      if (last != null && last.goesOnWith(planned, reason)) {
        skipped.set(skipped.size() - 1, last.and(planned));
      } else {
        skipped.add(Skipped.one(planned, reason));
      }
    }

    /**
     * Of the late ones from here on, as many run as the policy allows, oldest first, each in its
     * turn; what is beyond is kept as passed. Where that was done before, nothing changes.
     */
    private @Nullable Passed bound(Instant first) {
      if (passed != null && passed.endsAfter(first)) {
        return null;
      }
      Instant late = now.minus(lateAfter(job));
      Optional<Instant> at = Optional.of(first);
      for (int runs = 0;
          runs < catchUp.max() && at.isPresent() && at.get().isBefore(late);
          runs++) {
        at = table.next(at.get());
      }
      Instant from = at.filter(beyond -> beyond.isBefore(late)).orElse(late);
      return new Passed(from, late, Reasons.MISFIRE);
    }
  }
}
