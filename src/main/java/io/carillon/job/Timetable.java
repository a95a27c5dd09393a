package io.carillon.job;

import io.carillon.cron.Note;
import io.carillon.cron.Rhythm;
import io.carillon.cron.Rhythms;
import io.carillon.cron.Tick;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The planned instants of one generation of a schedule, whole milliseconds: with its bounds, its
 * exclusion calendars and what clock changes do to it; without what pauses, lateness and overlap do
 * to a run. {@code maxRuns} is left to whoever knows how many runs there were. Immutable,
 * thread-safe; some microseconds an instant.
 */
public final class Timetable {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Instants or spans passed over in one search for the next that runs; more mean never. */
  private static final int MOST_PASSED_OVER = 20_000;

  private final Schedule schedule;
  private final Instant accepted;
  private final Exclusions exclusions;
  private final Rhythm rhythm;

  private Timetable(Schedule schedule, Instant acceptedAt, Exclusions exclusions) {
    this.schedule = schedule;
    this.accepted = acceptedAt.truncatedTo(ChronoUnit.MILLIS);
    this.exclusions = exclusions;
    this.rhythm = rhythm();
  }

  /**
   * @param acceptedAt when the schedule came into force: the create, or the change that raised the
   *     job's generation
   */
  public static Timetable of(Schedule schedule, Instant acceptedAt, Exclusions exclusions) {
    return new Timetable(schedule, acceptedAt, exclusions);
  }

  /** The same timetable, known from an instant that is on it; what comes before is not told. */
  public static Timetable through(Schedule schedule, Instant planned, Exclusions exclusions) {
    Instant before =
        schedule instanceof Schedule.FixedRate rate
            ? planned.minus(rate.every())
            : planned.minusMillis(1);
    return new Timetable(schedule, before, exclusions);
  }

  /**
   * What would have been planned from an instant on, also before the schedule came into force.
   *
   * @param planned any instant that is on it, which tells the rhythm of an interval without a start
   */
  public static Timetable asIfFrom(
      Schedule schedule, Instant from, Instant planned, Exclusions exclusions) {
    if (schedule instanceof Schedule.FixedRate rate && rate.limits().startAt() == null) {
      long every = rate.every().toMillis();
      long steps = Math.floorDiv(planned.toEpochMilli() - from.toEpochMilli(), every);
      return through(schedule, planned.minusMillis(steps * every), exclusions);
    }
    return through(schedule, from, exclusions);
  }

  /** Whether an exclusion calendar passes an instant over. */
  public boolean excludes(Instant planned) {
    return !exclusions.freeFrom(planned, zone()).equals(planned);
  }

  /** The first instant at or after the given one that no exclusion calendar passes over. */
  public Instant freeFrom(Instant instant) {
    Instant free = instant;
    for (int step = 0; step < MOST_PASSED_OVER; step++) {
      Instant next = exclusions.freeFrom(free, zone());
      if (next.equals(free)) {
        return free;
      }
      free = next;
    }
    return free;
  }

  /**
   * The first planned instant that runs; empty if there is none.
   *
   * <ul>
   *   <li>{@code now}: acceptance; {@code delay}: the delay after it; {@code at}: its instant, also
   *       one that is past. None of them before {@code startAt}.
   *   <li>{@code fixedRate}, {@code fixedDelay}: {@code startAt}, or one interval after acceptance
   *       if there is none. If {@code startAt} is past at acceptance, the first instant of the grid
   *       from it that is not past.
   *   <li>{@code cron}, {@code dailyWindow}: the first match at or after {@code startAt} that is
   *       after acceptance.
   * </ul>
   */
  public Optional<Instant> first() {
    return next(Instant.MIN);
  }

  /**
   * The first planned instant that runs, strictly after the given one. Of {@code fixedDelay} the
   * first of all only, since the others hang on runs that have not ended; one that a calendar
   * passes over is followed by another an interval later.
   */
  public Optional<Instant> next(Instant after) {
    Instant from = after;
    for (int passedOver = 0; passedOver < MOST_PASSED_OVER; passedOver++) {
      Optional<Tick> tick = tick(from);
      if (tick.isEmpty() || tick.get().note() == Note.BOUND) {
        return Optional.empty();
      }
      if (tick.get().runs()) {
        return tick.map(Tick::at);
      }
      from = passed(tick.get());
    }
    return Optional.empty();
  }

  /** From where to look on: a whole day that is excluded is one step, not one for each instant. */
  private Instant passed(Tick tick) {
    if (tick.note() != Note.CALENDAR) {
      return tick.at();
    }
    // A calendar may end within the millisecond of the tick.
    Instant before = exclusions.freeFrom(tick.at(), zone()).minusMillis(1);
    return before.isAfter(tick.at()) ? before : tick.at();
  }

  /**
   * The first planned instant strictly after the given one, also one that is passed over. What lies
   * after {@code endAt} is told once, as the last.
   */
  public Optional<Tick> tick(Instant after) {
    Instant endAt = schedule.limits().endAt();
    if (endAt != null && after.isAfter(endAt)) {
      return Optional.empty();
    }
    return rhythm
        .next(after)
        .filter(tick -> !tick.at().isAfter(LAST))
        .map(tick -> endAt != null && tick.at().isAfter(endAt) ? bound(tick) : free(tick));
  }

  private static Tick bound(Tick tick) {
    return new Tick(tick.at(), Note.BOUND);
  }

  private Tick free(Tick tick) {
    return tick.runs() && excludes(tick.at()) ? new Tick(tick.at(), Note.CALENDAR) : tick;
  }

  private ZoneId zone() {
    ZoneId zone = schedule.zone();
    return zone == null ? ZoneOffset.UTC : zone;
  }

  private Rhythm rhythm() {
    Instant startAt = schedule.limits().startAt();
    if (schedule instanceof Schedule.Delay delay) {
      return once(later(accepted.plus(delay.delay()), startAt));
    }
    if (schedule instanceof Schedule.At at) {
      return once(later(at.at(), startAt));
    }
    if (schedule instanceof Schedule.FixedRate rate) {
      Instant first = firstOfGrid(startAt, accepted, rate.every());
      return after ->
          Optional.of(Tick.of(after.isBefore(first) ? first : onGrid(first, after, rate.every())));
    }
    if (schedule instanceof Schedule.FixedDelay delay) {
      Instant first = firstOfGrid(startAt, accepted, delay.every());
      return after -> firstFree(first, delay.every(), after);
    }
    if (schedule instanceof Schedule.Cron cron) {
      return notBefore(startAt, Rhythms.cron(cron.normalized(), cron.zone(), cron.dst()));
    }
    if (schedule instanceof Schedule.DailyWindow window) {
      Rhythm rhythm =
          Rhythms.window(
              window.from(),
              window.to(),
              window.every(),
              window.days(),
              window.zone(),
              window.dst());
      return notBefore(startAt, rhythm);
    }
    return once(later(accepted, startAt));
  }

  /** An instant that is excluded has no run whose end the next one could be counted from. */
  private Optional<Tick> firstFree(Instant first, Duration every, Instant after) {
    Instant at = first;
    while (!at.isAfter(after)) {
      Instant free = exclusions.freeFrom(at, zone());
      if (free.equals(at)) {
        return Optional.empty();
      }
      at = onGrid(first, free.minusMillis(1), every);
    }
    return Optional.of(Tick.of(at));
  }

  private Rhythm notBefore(@Nullable Instant startAt, Rhythm rhythm) {
    Instant from = startAt != null && startAt.isAfter(accepted) ? startAt.minusMillis(1) : accepted;
    return after -> rhythm.next(later(after, from));
  }

  private static Rhythm once(Instant at) {
    return after -> at.isAfter(after) ? Optional.of(Tick.of(at)) : Optional.empty();
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

  private static Instant later(Instant instant, @Nullable Instant other) {
    return other != null && other.isAfter(instant) ? other : instant;
  }
}
