package io.carillon.job;

import io.carillon.cron.DstPolicy;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a job fires. A closed set of pure values; zones are real ones, never guessed. */
public sealed interface Schedule {
  Limits limits();

  /** The zone in which the schedule was meant, where it has one. */
  default @Nullable ZoneId zone() {
    return null;
  }

  /** Whether it can fire more than once. */
  default boolean recurring() {
    return true;
  }

  /** As soon as possible, once. */
  record Now(Limits limits) implements Schedule {
    @Override
    public boolean recurring() {
      return false;
    }
  }

  /** Once, {@code delay} after acceptance; zero means at once. */
  record Delay(Duration delay, Limits limits) implements Schedule {
    public Delay {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay " + delay);
      }
    }

    @Override
    public boolean recurring() {
      return false;
    }
  }

  /**
   * Once, at an instant.
   *
   * @param at the instant itself, whichever way it was given
   * @param zone the zone of a local time, kept to show it again
   * @param allowPast whether it may have been in the past when accepted
   * @param anchor the instant of an event, if {@code at} was given relative to one
   * @param offset from the anchor, may be negative
   */
  record At(
      Instant at,
      @Nullable ZoneId zone,
      boolean allowPast,
      @Nullable Instant anchor,
      @Nullable Duration offset,
      Limits limits)
      implements Schedule {
    @Override
    public boolean recurring() {
      return false;
    }
  }

  /**
   * Every {@code every} (at least 1 s), whatever a run takes: first at {@code startAt} (or at the
   * first instant of its grid that is not past), or one interval after acceptance if there is none.
   */
  record FixedRate(Duration every, Limits limits) implements Schedule {
    public FixedRate {
      checkInterval(every);
    }
  }

  /**
   * First at {@code startAt} or one interval after acceptance, then {@code every} after the end of
   * each run.
   */
  record FixedDelay(Duration every, Limits limits) implements Schedule {
    public FixedDelay {
      checkInterval(every);
    }
  }

  /**
   * By a cron text.
   *
   * @param text as the client wrote it
   * @param normalized the same in Quartz's form: six or seven fields, seconds first, one day field
   *     {@code ?}
   * @param dialect {@code UNIX} or {@code QUARTZ}: how {@code text} was read
   * @param dst what happens when the clocks change
   */
  record Cron(
      String text, String normalized, String dialect, ZoneId zone, DstPolicy dst, Limits limits)
      implements Schedule {
    /** Whether a plain cron trigger of Quartz's fires at the same instants. */
    public boolean isPlain() {
      return true;
    }
  }

  /**
   * Every {@code every} from one local time to another, on some days of the week.
   *
   * @param from first local time of a day
   * @param to last local time of a day, itself included; not before {@code from}
   * @param every whole seconds, at least 1
   * @param days at least one
   * @param dst what happens when the clocks change
   */
  record DailyWindow(
      LocalTime from,
      LocalTime to,
      Duration every,
      Set<DayOfWeek> days,
      ZoneId zone,
      DstPolicy dst,
      Limits limits)
      implements Schedule {
    public DailyWindow {
      checkInterval(every);
      days = Set.copyOf(days);
      if (to.isBefore(from) || days.isEmpty()) {
        throw new IllegalArgumentException("window from " + from + " to " + to + " on " + days);
      }
    }
  }

  private static void checkInterval(Duration every) {
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("interval " + every);
    }
  }
}
