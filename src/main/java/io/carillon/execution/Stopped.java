package io.carillon.execution;

import io.carillon.execution.Lanes.Verdict;
import io.carillon.job.Job;

/** An execution that a limit holds, as the transaction found out that fires. */
public record Stopped(ExecutionId id, int attempt, Job job, Verdict.Wait verdict) {}
