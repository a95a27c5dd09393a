package io.carillon.spec;

import io.carillon.cron.CronTimes;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the planned instants of a schedule, whole milliseconds, without jitter and without what
 * pauses, calendars or limits of the queue do to them. Stateless; some microseconds an instant.
 */
public final class Plan {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private Plan() {}

  /**
   * The first planned instant; empty if it never fires.
   *
   * <ul>
   *   <li>{@code now}: acceptance; {@code delay}: the delay after it; {@code at}: its instant, also
   *       one that is past. None of them before {@code startAt}.
   *   <li>{@code fixedRate}, {@code fixedDelay}: {@code startAt}, or one interval after acceptance
   *       if there is none. If {@code startAt} is past at acceptance, the first instant of the grid
   *       from it that is not past.
   *   <li>{@code cron}: the first match at or after {@code startAt} that is after acceptance.
   * </ul>
   *
   * Nothing later than {@code endAt}.
   */
  public static Optional<Instant> first(Schedule schedule, Instant acceptedAt) {
    Instant accepted = acceptedAt.truncatedTo(ChronoUnit.MILLIS);
    Limits limits = schedule.limits();
    Instant startAt = limits.startAt();
    Instant first = null;
    if (schedule instanceof Schedule.Now) {
      first = later(accepted, startAt);
    } else if (schedule instanceof Schedule.Delay delay) {
      first = later(accepted.plus(delay.delay()), startAt);
    } else if (schedule instanceof Schedule.At at) {
      first = later(at.at(), startAt);
    } else if (schedule instanceof Schedule.FixedRate rate) {
      first = firstOfGrid(startAt, accepted, rate.every());
    } else if (schedule instanceof Schedule.FixedDelay delay) {
      first = firstOfGrid(startAt, accepted, delay.every());
    } else if (schedule instanceof Schedule.Cron cron) {
      Instant after =
          startAt != null && startAt.isAfter(accepted) ? startAt.minusMillis(1) : accepted;
      first = CronTimes.parse(cron.normalized()).next(after, cron.zone()).orElse(null);
    }
    return within(first, limits);
  }

  /**
   * The next planned instants, at most {@code count}, strictly after {@code after}.
   *
   * @param acceptedAt when the schedule came into force: the create, or the change that raised the
   *     job's generation
   * @return in order; of {@code fixedDelay} at most the first instant of all, since the others hang
   *     on runs that have not ended. {@code maxRuns} bounds only their number: whoever knows how
   *     many runs there were asks for fewer
   */
  public static List<Instant> next(
      Schedule schedule, Instant acceptedAt, Instant after, int count) {
    Instant first = first(schedule, acceptedAt).orElse(null);
    Integer maxRuns = schedule.limits().maxRuns();
    int most = maxRuns == null ? count : Math.min(count, maxRuns);
    if (first == null || most < 1) {
      return List.of();
    }
    if (schedule instanceof Schedule.FixedRate rate) {
      return grid(rate, first, after, most);
    }
    if (schedule instanceof Schedule.Cron cron) {
      return matches(cron, first, after, most);
    }
    return first.isAfter(after) ? List.of(first) : List.of();
  }

  private static List<Instant> grid(
      Schedule.FixedRate rate, Instant first, Instant after, int count) {
    List<Instant> found = new ArrayList<>();
    Instant at = after.isBefore(first) ? first : onGrid(first, after, rate.every());
    while (found.size() < count && within(at, rate.limits()).isPresent()) {
      found.add(at);
      at = at.plus(rate.every());
    }
    return found;
  }

  private static List<Instant> matches(
      Schedule.Cron cron, Instant first, Instant after, int count) {
    List<Instant> found = new ArrayList<>();
    CronTimes times = CronTimes.parse(cron.normalized());
    Optional<Instant> at =
        after.isBefore(first) ? Optional.of(first) : times.next(after, cron.zone());
    while (found.size() < count && within(at.orElse(null), cron.limits()).isPresent()) {
      found.add(at.get());
      at = times.next(at.get(), cron.zone());
    }
    return found;
  }

  private static Instant firstOfGrid(@Nullable Instant startAt, Instant accepted, Duration every) {
    if (startAt == null) {
      return accepted.plus(every);
    }
    return startAt.isBefore(accepted) ? onGrid(startAt, accepted.minusMillis(1), every) : startAt;
  }

  /**
   * The first of start, start + every, … strictly after {@code after}, which is not before start.
   */
  private static Instant onGrid(Instant start, Instant after, Duration every) {
    long steps = Duration.between(start, after).dividedBy(every) + 1;
    return start.plus(every.multipliedBy(steps));
  }

  private static Instant later(Instant instant, @Nullable Instant startAt) {
    return startAt != null && startAt.isAfter(instant) ? startAt : instant;
  }

  private static Optional<Instant> within(@Nullable Instant instant, Limits limits) {
    return instant == null
            || instant.isAfter(LAST)
            || (limits.endAt() != null && instant.isAfter(limits.endAt()))
        ? Optional.empty()
        : Optional.of(instant);
  }
}
