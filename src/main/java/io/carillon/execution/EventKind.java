package io.carillon.execution;

import java.util.Arrays;
import java.util.Optional;

/** What can happen that is told live. A closed set; the words are part of the API. */
public enum EventKind {
  /** A job or an execution is due and waits to be called. */
  WAITING("waiting"),
  /** A new job is planned for later. */
  DELAYED("delayed"),
  /** A node calls the target. */
  ACTIVE("active"),
  /** The target said how far it is. */
  PROGRESS("progress"),
  COMPLETED("completed"),
  FAILED("failed"),
  /** An attempt failed; another is planned. */
  RETRYING("retrying"),
  /** Planned instants that are not run. */
  SKIPPED("skipped"),
  /** A job, or one execution of it. */
  CANCELLED("cancelled"),
  JOB_PAUSED("job.paused"),
  JOB_RESUMED("job.resumed"),
  JOB_UPDATED("job.updated"),
  QUEUE_PAUSED("queue.paused"),
  QUEUE_RESUMED("queue.resumed"),
  /** Its limits. */
  QUEUE_CHANGED("queue.changed"),
  BREAKER_OPENED("breaker.opened"),
  /** One call is let through to see. */
  BREAKER_PROBING("breaker.probing"),
  BREAKER_CLOSED("breaker.closed"),
  /** Forced open or closed by hand, or given back to its rule. */
  BREAKER_FORCED("breaker.forced"),
  NODE_JOINED("node.joined"),
  NODE_DRAINING("node.draining"),
  NODE_LOST("node.lost");

  private final String word;

  EventKind(String word) {
    this.word = word;
  }

  /** As readers see it. */
  public String word() {
    return word;
  }

  /** The kind of a word; empty if there is none. */
  public static Optional<EventKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
