package io.carillon.quartz;

import io.carillon.execution.DefinitionRows.NewJob;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.PlannedJob;
import java.time.Instant;
import java.util.function.Function;

/**
 * A job that is to be stored, with all that can be worked out before its transaction begins: while
 * that holds the lock row, nothing fires.
 *
 * @param row our row
 * @param plan Quartz's rows
 */
record FreshJob(NewJob row, PlannedJob plan) {

  /**
   * @param definitions makes a job's text
   * @param exclusions of its calendars
   * @param accepted when; the plan starts from it
   */
  static FreshJob of(
      Job job, Function<Job, String> definitions, Exclusions exclusions, Instant accepted) {
    return new FreshJob(
        new NewJob(job, definitions.apply(job), accepted),
        PlannedJobs.plan(job, accepted, null, false, exclusions));
  }

  JobId id() {
    return row.id();
  }

  /** Characters of its definition. */
  int length() {
    return row.definition().length();
  }

  /** Whether it fires at an instant, or before. */
  boolean isDue(Instant instant) {
    PlannedJob.Plan planned = plan.plan();
    return planned != null && !planned.first().isAfter(instant);
  }

  /** What it is once it is stored. */
  StoredJob stored() {
    Instant now = row.createdAt();
    PlannedJob.Plan planned = plan.plan();
    return new StoredJob(
        row.job(),
        planned == null ? JobState.COMPLETED : JobState.ACTIVE,
        1,
        1,
        0,
        null,
        null,
        now,
        now,
        planned == null ? now : null,
        planned == null ? null : planned.first());
  }
}
