package io.carillon.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A definition as the database holds it.
 *
 * @param generation rises when the schedule changes; part of every execution id; from 1
 * @param version rises with every change; from 1; the entity tag
 * @param runs planned instants fired under the present generation; what {@code maxRuns} bounds
 * @param lastScheduledAt the latest instant fired under any generation
 * @param pause why and until when it is paused, if it is
 * @param nextFireTime next planned instant of its trigger; null if none is planned or it is paused
 * @param finishedAt when it became COMPLETED or CANCELLED
 */
public record StoredJob(
    Job job,
    JobState state,
    int generation,
    long version,
    long runs,
    @Nullable Instant lastScheduledAt,
    @Nullable Pause pause,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextFireTime) {

  /** Why a job is paused, and when it is resumed by itself. */
  public record Pause(@Nullable String reason, @Nullable Instant until) {}

  public JobId id() {
    return job.id();
  }

  /** The same definition in another state; the version rises. */
  public StoredJob in(JobState next, @Nullable Pause pauseNow, Instant at) {
    boolean over = next == JobState.CANCELLED || next == JobState.COMPLETED;
    return new StoredJob(
        job,
        next,
        generation,
        version + 1,
        runs,
        lastScheduledAt,
        pauseNow,
        createdAt,
        at,
        over ? at : null,
        null);
  }

  /** The same, with nothing planned or running any more. */
  public StoredJob completed(Instant at) {
    return new StoredJob(
        job,
        JobState.COMPLETED,
        generation,
        version,
        runs,
        lastScheduledAt,
        null,
        createdAt,
        at,
        at,
        null);
  }

  public StoredJob withNextFireTime(@Nullable Instant instant) {
    return new StoredJob(
        job,
        state,
        generation,
        version,
        runs,
        lastScheduledAt,
        pause,
        createdAt,
        updatedAt,
        finishedAt,
        instant);
  }
}
