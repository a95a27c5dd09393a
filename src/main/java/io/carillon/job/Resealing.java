package io.carillon.job;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Moves definitions to other ids: what a definition keeps encrypted opens for its job alone, so it
 * is encrypted anew for the other. Thread-safe.
 */
@FunctionalInterface
public interface Resealing {
  /** Of a server that keeps no secrets. */
  Resealing NONE = (from, to, header, encrypted) -> encrypted;

  /**
   * The value of a job's header, encrypted for the same header of another job. Pure computation.
   *
   * @return the given text if it cannot be opened: a call says so
   */
  String move(JobId from, JobId to, String header, String encrypted);

  /** The definition under another id. */
  default Job as(Job job, JobId id) {
    Job moved = job.withId(id);
    if (job.id().equals(id)
        || !(job.target() instanceof Target.Http http)
        || http.secretHeaders().isEmpty()) {
      return moved;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    http.secretHeaders()
        .forEach((name, encrypted) -> headers.put(name, move(job.id(), id, name, encrypted)));
    return moved.withTarget(http.withSecretHeaders(headers));
  }
}
