package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.job.StoredJob;
import java.time.Instant;

/**
 * An execution that was over and is attempted again.
 *
 * @param attempt number of that attempt
 */
public record Again(ExecutionId id, int attempt, StoredJob job, Instant due) {}
