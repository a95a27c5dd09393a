package io.carillon.api;

import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.StoredJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One job that has the keys of all, and what becomes of those that meet it. */
final class FakeKeys {
  private volatile Met.@Nullable How how;
  private volatile JobId holder = JobId.of("none");

  /** From now on this job has all keys. */
  void holder(String id) {
    holder = JobId.of(id);
  }

  /** What becomes of jobs that have a key, from now on. */
  void meet(Met.How next) {
    how = next;
  }

  Optional<Created> met(Job job, Map<JobId, StoredJob> stored) {
    Met.How now = how;
    StoredJob held = stored.get(holder);
    return now == null || held == null || Dedup.of(job).isEmpty()
        ? Optional.empty()
        : Optional.of(Created.met(job.id(), new Met(now, held)));
  }

  void refuse(List<Job> jobs, Map<JobId, StoredJob> stored) {
    Map<JobId, JobId> duplicates = new LinkedHashMap<>();
    for (Job job : jobs) {
      if (how == Met.How.REJECTED && met(job, stored).isPresent()) {
        duplicates.put(job.id(), holder);
      }
    }
    if (!duplicates.isEmpty()) {
      throw new DuplicateJob(duplicates);
    }
  }
}
