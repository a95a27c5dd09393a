package io.carillon.history;

import io.carillon.cron.Rhythm;
import io.carillon.execution.LedgerRow;
import io.carillon.execution.PlannedGeneration;
import io.carillon.execution.PlannedGeneration.Rest;
import io.carillon.execution.Reasons;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.history.Version.End;
import io.carillon.job.Exclusions;
import io.carillon.job.JobState;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the definitions of a job that were in force one after another to what each of them planned,
 * and up to where. Pure. One use.
 */
final class Generations {
  private final DueJob job;
  private final @Nullable Instant armed;
  private final Instant now;
  private final List<LedgerRow> rows;

  /**
   * @param job as it is now
   * @param armed where its trigger stands; null if it has none
   * @param rows of history, for definitions of which nobody noted how far they had come
   */
  Generations(DueJob job, @Nullable Instant armed, List<LedgerRow> rows, Instant now) {
    this.job = job;
    this.armed = armed;
    this.rows = rows;
    this.now = now;
  }

  /**
   * One generation as it is stored.
   *
   * @param accepted when its first definition came into force
   * @param end of its last definition; null of the present one
   */
  record Stored(int number, Schedule schedule, Instant accepted, @Nullable End end) {}

  /**
   * @param generations in order
   */
  List<PlannedGeneration> planned(
      List<Stored> generations, Function<Schedule, Exclusions> exclusions) {
    List<PlannedGeneration> planned = new ArrayList<>();
    Instant after = Instant.MIN;
    for (Stored stored : generations) {
      Instant last = last(stored);
      planned.add(planned(stored, exclusions.apply(stored.schedule()), after, last));
      after = last.isAfter(after) ? last : after;
    }
    return planned;
  }

  /** The latest instant fired or skipped by the end of a generation, under any of them. */
  private Instant last(Stored stored) {
    End end = stored.end();
    if (end != null && end.in() == null) {
      return rows.stream()
          .filter(row -> row.planned() && row.generation() <= stored.number())
          .map(LedgerRow::to)
          .max(Instant::compareTo)
          .orElse(Instant.MIN);
    }
    Instant last = end == null ? job.job().lastScheduledAt() : end.last();
    return Objects.requireNonNullElse(last, Instant.MIN);
  }

  private PlannedGeneration planned(
      Stored stored, Exclusions exclusions, Instant after, Instant last) {
    Schedule schedule = stored.schedule();
    Rhythm plan = Timetable.of(schedule, stored.accepted(), exclusions)::tick;
    End end = stored.end();
    long runs = end == null ? job.job().runs() : end.runs();
    Integer most = schedule.limits().maxRuns();
    if (most != null && runs >= most || end != null && end.in() == null) {
      return new PlannedGeneration(
          stored.number(), schedule, plan, after, last, null, null, Rest.NONE);
    }
    JobState state = end == null || end.in() == null ? job.job().state() : end.in();
    boolean over = state == JobState.COMPLETED || state == JobState.CANCELLED;
    boolean goesOn = end == null && !over;
    return new PlannedGeneration(
        stored.number(),
        schedule,
        plan,
        after,
        goesOn ? null : later(ended(end, over), last),
        goesOn ? armed : null,
        goesOn && most != null ? most - runs : null,
        goesOn
            ? new Rest(armed != null && armed.isBefore(now) ? armed : now, null)
            : rest(state, last, end));
  }

  private Instant ended(@Nullable End end, boolean over) {
    Instant replaced = end == null ? now : end.at();
    Instant finished = end == null ? job.job().finishedAt() : end.overAt();
    return over && finished != null && finished.isBefore(replaced) ? finished : replaced;
  }

  /** What a change or a cancel found unfired, it withdrew. */
  private Rest rest(JobState state, Instant last, @Nullable End end) {
    Instant from = last.equals(Instant.MIN) ? last : last.plusMillis(1);
    boolean held = end == null && job.passed() != null && job.passed().to() == null;
    if (state == JobState.CANCELLED && held && job.passed() != null) {
      Instant pause = job.passed().from();
      return new Rest(pause.isBefore(from) ? pause : from, Reasons.PAUSED);
    }
    return switch (state) {
      case COMPLETED -> Rest.NONE;
      case CANCELLED -> new Rest(from, Reasons.CANCELLED);
      case PAUSED -> new Rest(from, Reasons.PAUSED);
      case ACTIVE -> new Rest(from, Reasons.RESCHEDULED);
    };
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
