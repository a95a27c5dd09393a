package io.carillon.job;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;

/** The instants at which a job does not run, by its exclusion calendars. Immutable. */
public interface Exclusions {
  /** Excludes nothing. */
  Exclusions NONE = (at, zone) -> at;

  /**
   * The first instant at or after the given one that is not excluded, as far as can be told in one
   * step: the given one itself if it is not excluded, else a later one, which may be excluded for a
   * reason of its own.
   *
   * @param zone of the schedule: dates and local times are meant in it
   */
  Instant freeFrom(Instant at, ZoneId zone);

  /** Excludes what any of them excludes. */
  static Exclusions all(Collection<? extends Exclusions> several) {
    if (several.isEmpty()) {
      return NONE;
    }
    if (several.size() == 1) {
      return several.iterator().next();
    }
    List<Exclusions> each = List.copyOf(several);
    return (at, zone) -> {
      Instant free = at;
      for (Exclusions one : each) {
        Instant of = one.freeFrom(at, zone);
        free = of.isAfter(free) ? of : free;
      }
      return free;
    };
  }
}
