package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution that waits in a lane.
 *
 * @param attempt the one that waits
 * @param queue of the trigger that waits with it
 * @param priority class, 0 for high
 * @param host that it calls; null if it calls none
 * @param since when it began to wait
 */
public record Held(
    ExecutionId id,
    int attempt,
    JobId jobId,
    String queue,
    int priority,
    @Nullable String host,
    Lane lane,
    String reason,
    Instant since) {

  /** The same in another lane. */
  public Held in(Lane other, String why) {
    return new Held(id, attempt, jobId, queue, priority, host, other, why, since);
  }

  /**
   * By what it stands in its class: by its planned instant; but another attempt at a host by when
   * it began to wait. Otherwise the oldest execution would be each probe of a host that is away,
   * until it has no attempt left.
   */
  public Instant place() {
    return lane.kind() == Lane.Kind.HOST && attempt > 1 ? since : id.scheduledAt();
  }

  /** Its class in the order of its lane. */
  public int rank() {
    return lane.kind().isStrict() ? 0 : priority;
  }
}
