package io.carillon.quartz.store;

import io.carillon.job.JobId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * A job as Quartz's tables will hold it: a JobDetail and, unless nothing is planned, its own
 * trigger.
 *
 * @param queue lane; becomes the trigger's group
 * @param description for operations staff, at most 250 characters
 * @param summary JOB_DATA as properties text; no payloads, no secrets
 * @param plan the trigger; null if nothing is planned
 */
public record PlannedJob(
    JobId id, String queue, int priority, String description, byte[] summary, @Nullable Plan plan) {

  private static final int LONGEST_TEXT = 512;

  /**
   * When the job's own trigger fires.
   *
   * @param first next planned instant
   * @param at when that one fires: later by its jitter
   * @param paused whether it waits for a resume
   * @param rhythm how it goes on
   */
  public record Plan(
      Instant first,
      Instant at,
      @Nullable Instant start,
      @Nullable Instant end,
      boolean paused,
      Rhythm rhythm) {}

  /** How a trigger goes on after its first instant. */
  public sealed interface Rhythm {
    record Once() implements Rhythm {}

    record Every(long millis) implements Rhythm {}

    /**
     * As Quartz's own cron trigger.
     *
     * @param zone stored under the id that {@code java.util.TimeZone}, and so Quartz, has for it:
     *     {@code GMT+05:30} for {@code +05:30}, which it would take for GMT
     */
    record Cron(String expression, ZoneId zone) implements Rhythm {}

    /**
     * As the job's schedule says. The texts are for people; they are cut to fit.
     *
     * @param plan what is planned
     * @param zone in which; empty if in none
     * @param rules what is done about clock changes, exclusions, jitter
     */
    record Own(String plan, String zone, String rules) implements Rhythm {}
  }

  JobRows.Detail detail() {
    return new JobRows.Detail(id, description, summary);
  }

  Optional<TriggerRow> trigger() {
    if (plan == null) {
      return Optional.empty();
    }
    TriggerRow.Kind kind;
    if (plan.rhythm() instanceof Rhythm.Every every) {
      kind = new TriggerRow.Simple(TriggerRow.FOR_EVER, every.millis(), 0);
    } else if (plan.rhythm() instanceof Rhythm.Cron cron) {
      kind = new TriggerRow.Cron(cron.expression(), TimeZone.getTimeZone(cron.zone()).getID());
    } else if (plan.rhythm() instanceof Rhythm.Own own) {
      kind =
          new TriggerRow.Own(
              plan.first().toEpochMilli(), cut(own.plan()), cut(own.zone()), cut(own.rules()));
    } else {
      kind = TriggerRow.Simple.ONCE;
    }
    long first = plan.at().toEpochMilli();
    return Optional.of(
        new TriggerRow(
            TriggerName.ofJob(id, queue),
            id,
            plan.paused() ? TriggerRow.PAUSED : TriggerRow.WAITING,
            description,
            priority,
            first,
            -1,
            plan.start() == null ? first : plan.start().toEpochMilli(),
            plan.end() == null ? 0 : plan.end().toEpochMilli(),
            kind));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
  }
}
