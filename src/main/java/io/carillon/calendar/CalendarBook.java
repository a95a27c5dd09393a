package io.carillon.calendar;

import io.carillon.job.Calendars;
import io.carillon.job.KnownCalendars;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All calendars: written and shown by the API, read by whoever plans. Every method may throw {@link
 * io.carillon.job.JobExceptions.StoreUnavailable}. Thread-safe.
 */
public interface CalendarBook extends Calendars, KnownCalendars {

  /**
   * A calendar as the database holds it.
   *
   * @param version rises with every change; from 1; the entity tag
   */
  record Stored(
      Name name,
      CalendarDefinition definition,
      long version,
      Instant createdAt,
      Instant updatedAt) {}

  /** A line of a list. */
  record Line(
      String name,
      @Nullable String description,
      long version,
      Instant createdAt,
      Instant updatedAt) {}

  /** What a put did. */
  record Put(Stored stored, boolean created) {}

  /** A page of a list. */
  record Page(List<Line> lines, boolean more) {}

  /** The caller's version is not the current one. */
  final class StaleVersion extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long current;

    /**
     * @param current 0 if there is no such calendar
     */
    public StaleVersion(long current) {
      super("the calendar is at version " + current, null, false, false);
      this.current = current;
    }

    public long current() {
      return current;
    }
  }

  /** Live jobs name the calendar. */
  final class InUse extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> jobs;
    private final long count;

    /**
     * @param jobs some of them
     */
    public InUse(List<String> jobs, long count) {
      super("jobs name the calendar: " + count, null, false, false);
      this.jobs = List.copyOf(jobs);
      this.count = count;
    }

    public List<String> jobs() {
      return jobs;
    }

    public long count() {
      return count;
    }
  }

  /**
   * Creates or replaces. What is the same already keeps its version.
   *
   * @param expected the version that it has to have
   * @throws StaleVersion if it has another, if one is expected and there is none, or if it must be
   *     new and is not
   */
  Put put(Name name, CalendarDefinition definition, boolean mustBeNew, OptionalLong expected);

  Optional<Stored> find(Name name);

  /**
   * In the order of names.
   *
   * @param after names after this one; empty for all
   */
  Page list(String namespace, String after, int limit);

  /**
   * @return false if there is none
   * @throws StaleVersion if another version is expected
   * @throws InUse if a job that can still fire names it
   */
  boolean delete(Name name, OptionalLong expected);
}
