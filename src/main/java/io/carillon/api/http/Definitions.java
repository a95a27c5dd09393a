package io.carillon.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.Jobs;
import io.carillon.job.StoredJob;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.JobReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From canonical JSON to a stored job. Thread-safe. */
public final class Definitions {
  private static final String PAYLOAD = "payload_too_large";

  private final JobReader reader;
  private final JobScheduler scheduler;
  private final Jobs jobs;

  public Definitions(JobReader reader, JobScheduler scheduler, Jobs jobs) {
    this.reader = reader;
    this.scheduler = scheduler;
    this.jobs = jobs;
  }

  public JobReader reader() {
    return reader;
  }

  /**
   * The same for one request that reads inside a transaction: the calendars of these names are
   * looked up beforehand, and each task once.
   */
  public Definitions remembering(String namespace, Collection<String> calendars) {
    return new Definitions(reader.remembering(namespace, calendars), scheduler, jobs);
  }

  /**
   * @throws ProblemException with every fault
   */
  public Job read(ObjectNode body, JobId id) {
    Faults faults = new Faults();
    return valid(reader.read(body, id, faults), faults);
  }

  /**
   * Reads what takes the place of a definition.
   *
   * @throws ProblemException with every fault
   */
  public Job read(ObjectNode body, Job current) {
    Faults faults = new Faults();
    return valid(reader.read(body, current.id(), faults, current), faults);
  }

  private static Job valid(@Nullable Job job, Faults faults) {
    if (job == null) {
      throw ProblemException.of(status(faults.list()), faults.list());
    }
    return job;
  }

  /** 422, or 413 if nothing but its size is wrong. */
  public static int status(List<Fault> faults) {
    return faults.stream().allMatch(fault -> fault.code().equals(PAYLOAD)) ? 413 : 422;
  }

  /**
   * Stores a job whose id this server proposed. If there is one under this id already, an earlier
   * request with the same {@code Idempotency-Key} has created it.
   */
  public StoredJob store(Job job) {
    try {
      return scheduler.create(job);
    } catch (JobExists created) {
      return read(job.id()).orElseThrow(() -> created);
    }
  }

  /**
   * The same, saying which job it met under one of its keys.
   *
   * @throws DuplicateJob if that refuses it
   */
  public Created submit(Job job) {
    try {
      Created created = scheduler.submit(job);
      Met met = created.met();
      if (met == null) {
        return created;
      }
      if (met.how() == Met.How.REJECTED) {
        throw new DuplicateJob(Map.of(job.id(), met.job().id()));
      }
      // With its next instant.
      StoredJob shown = read(met.job().id()).orElse(met.job());
      return Created.met(job.id(), new Met(met.how(), shown));
    } catch (JobExists created) {
      return new Created(job.id(), read(job.id()).orElseThrow(() -> created));
    }
  }

  /** A job that is stored, as far as is known: that it cannot be read does not make it go away. */
  private Optional<StoredJob> read(JobId id) {
    try {
      return jobs.find(id);
    } catch (StoreUnavailable e) {
      throw new StoreUnavailable("the job is stored and cannot be read now", id, e);
    }
  }

  /** The path of a job. */
  public static String path(JobId id) {
    return "/api/v1/jobs/" + id.value();
  }
}
