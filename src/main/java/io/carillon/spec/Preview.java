package io.carillon.spec;

import io.carillon.cron.Note;
import io.carillon.cron.Tick;
import io.carillon.job.Exclusions;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule would do, as if it were accepted at an instant. Immutable; milliseconds a call,
 * whatever the schedule.
 */
public final class Preview {
  /** How far marked instants are looked for. */
  public static final Duration FARTHEST = Duration.ofDays(2 * 366);

  /** Instants looked at for marks; more would take too long. */
  private static final int MOST_LOOKED_AT = 50_000;

  private final Schedule schedule;
  private final Exclusions exclusions;
  private final Instant from;
  private final Timetable times;

  public Preview(Schedule schedule, Exclusions exclusions, Instant from) {
    this.schedule = schedule;
    this.exclusions = exclusions;
    this.from = from;
    this.times = Timetable.of(schedule, from, exclusions);
  }

  /**
   * Marked instants of a span.
   *
   * @param lookedUntil where the search ended before the span did; null if it did not
   */
  public record Marked(List<Tick> ticks, @Nullable Instant lookedUntil) {}

  /**
   * The first instants, in order, at most 1,000.
   *
   * @param runs how many that run
   * @param passedOver whether those that do not run are told too
   */
  public List<Tick> next(int runs, boolean passedOver) {
    Integer maxRuns = schedule.limits().maxRuns();
    TickList list = new TickList(runs, maxRuns == null ? Long.MAX_VALUE : maxRuns, passedOver);
    // An instant that is past already may be the first of all, and runs at once.
    list.addAll(times, Instant.EPOCH.minusMillis(1));
    return list.ticks();
  }

  /**
   * The instants that a clock change moved or doubled, and those that do not run; in order. Where
   * no calendar plays a part only the hours around clock changes are looked at.
   *
   * @param until the last instant that counts
   */
  public Marked marked(Instant until, int most) {
    List<Tick> found = new ArrayList<>();
    if (!exclusions.equals(Exclusions.NONE)) {
      return new Marked(found, look(from.minusMillis(1), until, most, new int[1], found));
    }
    int[] lookedAt = new int[1];
    ZoneId zone = schedule.zone();
    ZoneOffsetTransition change =
        zone == null ? null : zone.getRules().nextTransition(from.minus(Duration.ofHours(3)));
    Instant done = from.minusMillis(1);
    while (change != null && !change.getInstant().isAfter(until.plus(Duration.ofHours(3)))) {
      // Local times that come twice begin so long before the change, and end so long after it.
      Duration length = change.getDuration().abs().plusSeconds(1);
      Instant begin = later(change.getInstant().minus(length), done);
      Instant end = earlier(change.getInstant().plus(length), until);
      Instant stopped = look(begin, end, most, lookedAt, found);
      if (stopped != null) {
        return new Marked(found, stopped);
      }
      done = later(done, end);
      change = zone.getRules().nextTransition(change.getInstant());
    }
    bound(until, most, found);
    return new Marked(found, null);
  }

  /** Marked ones after {@code begin} up to {@code end}; where it stopped early, if it did. */
  private @Nullable Instant look(
      Instant begin, Instant end, int most, int[] lookedAt, List<Tick> found) {
    Instant at = begin;
    while (true) {
      Optional<Tick> tick = times.tick(at);
      if (tick.isEmpty() || tick.get().at().isAfter(end)) {
        return null;
      }
      if (found.size() >= most || ++lookedAt[0] > MOST_LOOKED_AT) {
        return at;
      }
      if (tick.get().note() != Note.NONE) {
        found.add(tick.get());
      }
      at = tick.get().at();
    }
  }

  /** What lies after the end of the schedule, if that is within the span. */
  private void bound(Instant until, int most, List<Tick> found) {
    Instant endAt = schedule.limits().endAt();
    boolean told = !found.isEmpty() && found.get(found.size() - 1).note() == Note.BOUND;
    if (endAt != null && endAt.isBefore(until) && !told && found.size() < most) {
      times
          .tick(endAt)
          .filter(tick -> tick.note() == Note.BOUND && !tick.at().isAfter(until))
          .ifPresent(found::add);
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
