package io.carillon.spec;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * Whose target is read.
 *
 * @param job null for the template of a task
 * @param current the definition that is replaced; null if there is none
 */
record TargetOwner(String namespace, @Nullable JobId job, @Nullable Job current) {
  static TargetOwner task(String namespace) {
    return new TargetOwner(namespace, null, null);
  }

  static TargetOwner of(JobId job, @Nullable Job current) {
    return new TargetOwner(job.namespace(), job, current);
  }
}
