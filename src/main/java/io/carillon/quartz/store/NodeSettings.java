package io.carillon.quartz.store;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this node takes part.
 *
 * @param nodeId host and random; new with every process
 * @param lease how long a sign of life is good for
 * @param inFlight most executions fired and not yet completed
 * @param pace how soon what has no owner is put right
 * @param address where this node's API listens, for people
 * @param jobClasses names of the job classes whose jobs may be run
 */
public record NodeSettings(
    String nodeId,
    Duration lease,
    int inFlight,
    Pace pace,
    @Nullable String address,
    String version,
    Set<String> jobClasses) {

  /** As a server is run: with our own job class alone. */
  public NodeSettings(
      String nodeId,
      Duration lease,
      int inFlight,
      Pace pace,
      @Nullable String address,
      String version) {
    this(nodeId, lease, inFlight, pace, address, version, Set.of(JobRows.JOB_CLASS));
  }
}
