package io.carillon.quartz;

import io.carillon.job.Exclusions;
import io.carillon.job.Jitter;
import io.carillon.job.Job;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.job.Timetable;
import io.carillon.quartz.store.PlannedJob;
import io.carillon.quartz.store.PlannedJob.Plan;
import io.carillon.quartz.store.PlannedJob.Rhythm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a job to its JobDetail and trigger. Pure. */
final class PlannedJobs {
  private static final int LONGEST_DESCRIPTION = 250;

  private PlannedJobs() {}

  /**
   * @param acceptedAt when the job (or its new schedule) was accepted
   * @param after the first instant is strictly later than this; null for a job that never fired
   * @param exclusions of its calendars
   */
  static PlannedJob plan(
      Job job, Instant acceptedAt, @Nullable Instant after, boolean paused, Exclusions exclusions) {
    return withPlan(job, first(job.schedule(), acceptedAt, after, exclusions).orElse(null), paused);
  }

  /** With the first instant given: for a job that moves to another queue and keeps its plan. */
  static PlannedJob withPlan(Job job, @Nullable Instant first, boolean paused) {
    Limits limits = job.schedule().limits();
    Plan plan =
        first == null
            ? null
            : new Plan(
                first,
                Jitter.apply(job.id(), first, limits.jitter()),
                limits.startAt(),
                limits.endAt(),
                paused,
                rhythm(job.schedule()));
    String description = description(job);
    return new PlannedJob(
        job.id(),
        job.queue(),
        job.priority().number(),
        description,
        summary(job, description),
        plan);
  }

  /**
   * Quartz's rows of a job, made anew because they are missing or damaged: for the instant that is
   * known to be the next, or for the first that was neither fired nor passed over by a change of
   * the job. A planned instant is the same one again, so that it has the same execution.
   *
   * @param acceptedAt when the present generation of the schedule was accepted
   */
  static PlannedJob again(
      StoredJob stored, Instant acceptedAt, @Nullable Instant next, Instant now) {
    boolean paused = stored.state() == JobState.PAUSED;
    Instant first = next == null ? next(stored, acceptedAt, now).orElse(null) : next;
    return withPlan(stored.job(), first, paused);
  }

  private static Optional<Instant> next(StoredJob stored, Instant acceptedAt, Instant now) {
    Schedule schedule = stored.job().schedule();
    Integer most = schedule.limits().maxRuns();
    if (most != null && stored.runs() >= most || !schedule.recurring() && stored.runs() > 0) {
      return Optional.empty();
    }
    Instant last = stored.lastScheduledAt();
    if (schedule instanceof Schedule.FixedDelay delay) {
      // Its last run has ended by now; when, nobody needs to know.
      Instant end = schedule.limits().endAt();
      return stored.runs() == 0
          ? first(schedule, acceptedAt, last, Exclusions.NONE)
          : Optional.of(now.plus(delay.every())).filter(at -> end == null || !at.isAfter(end));
    }
    // What fell into a pause or is late is settled when it is due.
    return first(schedule, acceptedAt, last, Exclusions.NONE);
  }

  private static Rhythm rhythm(Schedule schedule) {
    if (OwnPlan.isNeeded(schedule)) {
      return OwnPlan.of(schedule);
    }
    if (schedule instanceof Schedule.FixedRate rate) {
      return new Rhythm.Every(rate.every().toMillis());
    }
    if (schedule instanceof Schedule.Cron cron) {
      return new Rhythm.Cron(cron.normalized(), cron.zone());
    }
    return new Rhythm.Once();
  }

  /**
   * The first planned instant strictly later than {@code after}; empty if the schedule leaves none.
   * What was to run relative to its acceptance runs once more, next to what has run already.
   */
  static Optional<Instant> first(
      Schedule schedule, Instant acceptedAt, @Nullable Instant after, Exclusions exclusions) {
    Timetable times = Timetable.of(schedule, acceptedAt, exclusions);
    if (after == null) {
      return times.first();
    }
    Optional<Instant> next = times.next(after);
    boolean relative =
        schedule instanceof Schedule.Now
            || schedule instanceof Schedule.Delay
            || schedule instanceof Schedule.FixedDelay;
    return next.isPresent() || !relative || times.first().isEmpty()
        ? next
        : Timetable.of(new Schedule.Now(schedule.limits()), after.plusMillis(1), exclusions)
            .first();
  }

  private static String description(Job job) {
    String text = (job.name() == null ? "" : job.name() + ": ") + describe(job.target());
    return text.substring(0, Math.min(LONGEST_DESCRIPTION, text.length()));
  }

  /** Without query and user info, which may hold secrets. */
  private static String describe(Target target) {
    if (target instanceof Target.Http http) {
      return http.method() + " " + http.url().split("[?#]", 2)[0];
    }
    if (target instanceof Target.Email) {
      return "email";
    }
    return target instanceof Target.Log ? "log" : "noop";
  }

  /** What Quartz reads as properties. */
  private static byte[] summary(Job job, String description) {
    StringBuilder text = new StringBuilder("job=");
    escape(job.id().toString(), text);
    text.append("\ntarget=");
    escape(description, text);
    return text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** As {@link java.util.Properties#load} reads values; it would write a date with each. */
  private static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~') {
        text.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else if (c == '\\' || (c == ' ' && i == 0)) {
        text.append('\\').append(c);
      } else {
        text.append(c);
      }
    }
  }
}
