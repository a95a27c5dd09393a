package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pauses of queues, as one transaction sees them: those that last, and the last one of each
 * queue if it has ended of late. Immutable.
 *
 * @param all at most one for a queue
 */
public record QueuePauses(List<Pause> all) {
  public static final QueuePauses NONE = new QueuePauses(List.of());

  public QueuePauses {
    all = List.copyOf(all);
  }

  /**
   * One pause.
   *
   * @param to null while it lasts
   */
  public record Pause(String namespace, String queue, Instant from, @Nullable Instant to) {
    boolean isOf(String inNamespace, String name) {
      return queue.equals(name) && namespace.equals(inNamespace);
    }
  }

  /** The pauses that last. */
  public List<Pause> lasting() {
    return all.stream().filter(pause -> pause.to() == null).toList();
  }

  /** The present or the last pause of a job's queue. */
  public Optional<Pause> of(JobId job, String queue) {
    return all.stream().filter(pause -> pause.isOf(job.namespace(), queue)).findFirst();
  }
}
