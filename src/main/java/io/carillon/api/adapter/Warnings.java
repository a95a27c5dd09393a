package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.spec.JobReader;
import java.util.List;

/** What may surprise a client, in answers that have no place for it otherwise. Stateless. */
final class Warnings {
  private Warnings() {}

  /** Adds {@code warnings} if there are any. */
  static void add(ObjectNode answer, JobReader reader, Job job) {
    List<String> warnings = reader.warnings(job);
    if (!warnings.isEmpty()) {
      warnings.forEach(answer.putArray("warnings")::add);
    }
  }
}
