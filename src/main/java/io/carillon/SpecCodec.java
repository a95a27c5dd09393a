package io.carillon;

import io.carillon.history.JobCodec;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.spec.JobWriter;

/** Stores definitions in history as canonical JSON. Thread-safe. */
final class SpecCodec implements JobCodec {
  private final JobWriter writer = new JobWriter();

  @Override
  public String store(Job job) {
    return writer.store(job);
  }

  @Override
  public Job parse(JobId id, String spec) {
    return writer.parse(id, spec);
  }
}
