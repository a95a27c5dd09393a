package io.carillon.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A valid job for tests, of which a test says only what matters to it. For one thread. */
public final class SampleJob {
  private final Job plain;
  private @Nullable String name;
  private String queue;
  private Priority priority;
  private Map<String, String> labels;
  private Map<String, Object> options;
  private Job.Policies policies;
  private Origin origin;
  private Target target;

  private SampleJob(Job plain) {
    this.plain = plain;
    this.name = plain.name();
    this.queue = plain.queue();
    this.priority = plain.priority();
    this.labels = plain.labels();
    this.policies = plain.policies();
    this.options = new HashMap<>(plain.options());
    this.origin = plain.origin();
    this.target = plain.target();
  }

  /** As that job, unless said otherwise. */
  public static SampleJob like(Job plain) {
    return new SampleJob(plain);
  }

  /** Calls nothing, on this schedule, with default policies, unless said otherwise. */
  public static SampleJob noop(JobId id, Schedule schedule) {
    return like(Job.of(id, new Target.Noop(), schedule));
  }

  public SampleJob name(String name) {
    this.name = name;
    return this;
  }

  public SampleJob queue(String queue) {
    this.queue = queue;
    return this;
  }

  /** Fields such as {@code concurrency}, as they are read. */
  public SampleJob options(Map<String, Object> options) {
    this.options = new HashMap<>(options);
    return this;
  }

  public SampleJob calls(String url) {
    this.target = new Target.Http("POST", url, Map.of(), null, Target.Http.DEFAULT_TIMEOUT);
    return this;
  }

  public SampleJob priority(Priority priority) {
    this.priority = priority;
    return this;
  }

  public SampleJob labels(Map<String, String> labels) {
    this.labels = labels;
    return this;
  }

  /** With the other policies as they are for its kind of schedule. */
  public SampleJob retry(RetryPolicy retry) {
    policies = Job.Policies.with(retry, plain.schedule().recurring());
    return this;
  }

  public SampleJob overlap(Overlap overlap) {
    policies =
        new Job.Policies(
            policies.retry(),
            overlap,
            policies.catchUp(),
            policies.expiresAfter(),
            policies.delivery());
    return this;
  }

  public SampleJob delivery(Delivery delivery) {
    policies =
        new Job.Policies(
            policies.retry(),
            policies.overlap(),
            policies.catchUp(),
            policies.expiresAfter(),
            delivery);
    return this;
  }

  public SampleJob expiresAfter(Duration after) {
    policies =
        new Job.Policies(
            policies.retry(), policies.overlap(), policies.catchUp(), after, policies.delivery());
    return this;
  }

  /** A field that is kept as given. */
  public SampleJob with(String field, Object value) {
    options.put(field, value);
    return this;
  }

  public SampleJob catchUp(CatchUp catchUp) {
    policies =
        new Job.Policies(
            policies.retry(),
            policies.overlap(),
            catchUp,
            policies.expiresAfter(),
            policies.delivery());
    return this;
  }

  /** As {@code POST /job} would have created it for this scheduler. */
  public SampleJob scheduler(String scheduler) {
    origin = new Origin(Origin.Call.JOB, Map.of("scheduler", scheduler));
    return this;
  }

  public Job build() {
    return new Job(
        plain.id(),
        name,
        plain.description(),
        queue,
        priority,
        labels,
        target,
        plain.schedule(),
        policies,
        options,
        origin);
  }
}
