package io.carillon.history;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Stores a token and keeps the definition itself, so that tests need no JSON of jobs. */
final class RememberingCodec implements JobCodec {
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  @Override
  public String store(Job job) {
    String token = UUID.randomUUID().toString();
    jobs.put(token, job);
    return token;
  }

  @Override
  public Job parse(JobId id, String spec) {
    Job job = jobs.get(spec.strip());
    if (job == null || !job.id().equals(id)) {
      throw new IllegalArgumentException("not a definition: " + spec);
    }
    return job;
  }
}
