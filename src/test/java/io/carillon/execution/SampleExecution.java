package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;

/**
 * Executions of which a test says only what matters: the first attempt of a planned instant runs,
 * on time, on {@code node-1}.
 */
public final class SampleExecution {
  private final ExecutionId id;
  private final JobId job;
  private ExecutionState state = ExecutionState.RUNNING;
  private String reason;
  private int attempt = 1;
  private Instant startedAt;
  private Instant finishedAt;
  private Instant nextAttemptAt;
  private Integer httpStatus;
  private String error;
  private Answer response;
  private Skipped skipped;
  private boolean deadLettered;

  private SampleExecution(ExecutionId id, JobId job) {
    this.id = id;
    this.job = job;
    this.startedAt = id.scheduledAt();
  }

  /** The execution of a planned instant of generation 1. */
  public static SampleExecution of(JobId job, Instant at) {
    return of(ExecutionId.planned(job, 1, at), job);
  }

  public static SampleExecution of(ExecutionId id, JobId job) {
    return new SampleExecution(id, job);
  }

  public SampleExecution state(ExecutionState state) {
    this.state = state;
    return this;
  }

  /** Not begun. */
  public SampleExecution unbegun() {
    this.attempt = 0;
    this.startedAt = null;
    return this;
  }

  public SampleExecution attempt(int attempt) {
    this.attempt = attempt;
    return this;
  }

  /** Begun so much later than planned. */
  public SampleExecution late(Duration late) {
    this.startedAt = id.scheduledAt().plus(late);
    return this;
  }

  /** In this state since then. */
  public SampleExecution ended(ExecutionState state, Instant at) {
    this.state = state;
    this.finishedAt = at;
    return this;
  }

  public SampleExecution nextAttemptAt(Instant at) {
    this.nextAttemptAt = at;
    return this;
  }

  public SampleExecution answered(int status) {
    this.httpStatus = status;
    return this;
  }

  public SampleExecution failed(String reason, int status, String error) {
    this.reason = reason;
    this.httpStatus = status;
    this.error = error;
    return this;
  }

  public SampleExecution response(String body, boolean truncated) {
    this.response = new Answer(body, truncated);
    return this;
  }

  public SampleExecution skipped(Skipped skipped) {
    this.skipped = skipped;
    this.reason = skipped.reason();
    return this;
  }

  public SampleExecution deadLettered() {
    this.deadLettered = true;
    return this;
  }

  public Execution build() {
    return new Execution(
        id,
        job,
        "default",
        id.scheduledAt(),
        state,
        reason,
        attempt,
        startedAt == null ? null : "node-1",
        startedAt,
        startedAt,
        finishedAt,
        nextAttemptAt,
        httpStatus,
        error,
        response,
        skipped,
        deadLettered);
  }
}
