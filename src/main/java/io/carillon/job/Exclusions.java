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

  /** What any of several excludes. */
  static Exclusions of(Collection<Exclusions> several) {
    if (several.isEmpty()) {
      return NONE;
    }
    List<Exclusions> all = List.copyOf(several);
    return (at, zone) -> {
      Instant free = at;
      for (Exclusions one : all) {
        Instant next = one.freeFrom(free, zone);
        free = next.isAfter(free) ? next : free;
      }
      return free;
    };
  }
}
