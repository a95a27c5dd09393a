package io.carillon.job;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A definition: what is called, when, and by which policies. Immutable.
 *
 * @param name shown to people, 1–190 characters
 * @param description at most 250 characters
 * @param queue the lane it runs in, 1–190 characters
 * @param labels for filters; at most 64
 * @param policies retries, overlap, lateness
 * @param options fields that few jobs have, canonical and JSON-like; whoever acts on one reads it
 *     here
 * @param origin which call created it
 */
public record Job(
    JobId id,
    @Nullable String name,
    @Nullable String description,
    String queue,
    Priority priority,
    Map<String, String> labels,
    Target target,
    Schedule schedule,
    Policies policies,
    Map<String, Object> options,
    Origin origin) {
  public static final String DEFAULT_QUEUE = "default";

  /**
   * How the job behaves when things do not go as planned.
   *
   * @param expiresAfter a one-time job later than this is not run
   */
  public record Policies(
      RetryPolicy retry,
      Overlap overlap,
      CatchUp catchUp,
      @Nullable Duration expiresAfter,
      Delivery delivery) {

    /** The defaults of canonical jobs. */
    public static Policies defaults(boolean recurring) {
      return with(RetryPolicy.DEFAULT, recurring);
    }

    public static Policies with(RetryPolicy retry, boolean recurring) {
      return new Policies(
          retry,
          recurring ? Overlap.SKIP : Overlap.ALLOW,
          CatchUp.DEFAULT,
          null,
          Delivery.AT_LEAST_ONCE);
    }
  }

  public Job {
    Objects.requireNonNull(target);
    Objects.requireNonNull(schedule);
    labels = Map.copyOf(labels);
    options = Map.copyOf(options);
  }

  /**
   * A plain job of the default queue with default policies; a starting point for the adapters and
   * tests.
   */
  public static Job of(JobId id, Target target, Schedule schedule) {
    return new Job(
        id,
        null,
        null,
        DEFAULT_QUEUE,
        Priority.NORMAL,
        Map.of(),
        target,
        schedule,
        Policies.defaults(schedule.recurring()),
        Map.of(),
        Origin.CANONICAL);
  }

  public Job withId(JobId other) {
    return new Job(
        other,
        name,
        description,
        queue,
        priority,
        labels,
        target,
        schedule,
        policies,
        options,
        origin);
  }

  public Job withTarget(Target other) {
    return new Job(
        id, name, description, queue, priority, labels, other, schedule, policies, options, origin);
  }

  public Job withOrigin(Origin other) {
    return new Job(
        id, name, description, queue, priority, labels, target, schedule, policies, options, other);
  }
}
