package io.carillon.execution;

import io.carillon.execution.Lane.Kind;
import io.carillon.job.Job;
import io.carillon.job.JobLimits;
import io.carillon.job.QueueSettings;
import io.carillon.job.TargetHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limited lane that a run has to pass. Pure.
 *
 * @param most executions at once in the lane, as this run sees it; null is without limit
 * @param pace how often executions may start; null is without limit
 */
public record Need(Lane lane, @Nullable Integer most, @Nullable Pace pace) {

  /**
   * What the run of a job needs, in the order in which it passes. Hosts are limited by what is
   * known of them at the moment, and not among these.
   *
   * @param queue the settings of its queue, if that is limited
   * @param attempt the one that is to be made: a later one has begun before, so no throttle counts
   *     it again
   */
  public static List<Need> of(Job job, @Nullable QueueSettings queue, int attempt) {
    JobLimits own = JobLimits.of(job).orElse(null);
    if (own == null && queue == null) {
      return List.of();
    }
    String namespace = job.id().namespace();
    String host = TargetHost.of(job.target());
    List<Need> needs = new ArrayList<>();
    if (own != null) {
      if (own.fifoKey() != null) {
        needs.add(new Need(new Lane(namespace, Kind.FIFO, own.fifoKey()), 1, null));
      }
      if (own.throttle() != null && attempt == 1) {
        Lane lane = new Lane(namespace, Kind.THROTTLE, own.throttle().key());
        needs.add(new Need(lane, null, Pace.of(1, own.throttle().per(), 1)));
      }
      String id = job.id().value();
      if (own.perJob() != null) {
        needs.add(new Need(new Lane(namespace, Kind.JOB, id), own.perJob(), null));
      }
      if (own.perHost() != null && host != null) {
        needs.add(new Need(Lane.jobsHost(namespace, host), own.perHost(), null));
      }
    }
    if (queue != null) {
      if (queue.perHostConcurrency() != null && host != null) {
        Lane lane = Lane.queueHost(namespace, job.queue(), host);
        needs.add(new Need(lane, queue.perHostConcurrency(), null));
      }
      if (queue.concurrency() != null || queue.rate() != null) {
        Pace pace = queue.rate() == null ? null : Pace.of(queue.rate());
        needs.add(new Need(Lane.queue(namespace, job.queue()), queue.concurrency(), pace));
      }
    }
    return needs;
  }

  /** Why a run waits that has not been looked at yet. */
  public String reason() {
    return most == null ? Reasons.RATE_LIMITED : Reasons.CONCURRENCY;
  }
}
