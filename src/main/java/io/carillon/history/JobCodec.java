package io.carillon.history;

import io.carillon.job.Job;
import io.carillon.job.JobId;

/** Turns definitions into the text of column {@code spec} and back. Thread-safe. */
public interface JobCodec {
  /** The definition without its id, as canonical JSON. */
  String store(Job job);

  /**
   * The definition that was stored.
   *
   * @throws RuntimeException if the text cannot be read: the row counts as damaged
   */
  Job parse(JobId id, String spec);
}
