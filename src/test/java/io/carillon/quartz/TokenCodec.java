package io.carillon.quartz;

import io.carillon.history.JobCodec;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps definitions in memory behind tokens, so that tests of the engine need no JSON. Shared by
 * the engines of one test.
 */
final class TokenCodec implements JobCodec {
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  @Override
  public String store(Job job) {
    String token = UUID.randomUUID().toString();
    jobs.put(token, job);
    return token;
  }

  @Override
  public Job parse(JobId id, String spec) {
    return jobs.get(spec);
  }
}
