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
 * @param perHost most calls towards one host; 0 for half of that
 * @param pace how soon what has no owner is put right
 * @param address where this node's API listens, for people
 * @param jobClasses names of the job classes whose jobs may be run
 */
public record NodeSettings(
    String nodeId,
    Duration lease,
    int inFlight,
    int perHost,
    Pace pace,
    @Nullable String address,
    String version,
    Set<String> jobClasses) {

  /** With half of what may be in flight for one host. */
  public NodeSettings(
      String nodeId,
      Duration lease,
      int inFlight,
      Pace pace,
      @Nullable String address,
      String version,
      Set<String> jobClasses) {
    this(nodeId, lease, inFlight, 0, pace, address, version, jobClasses);
  }

  /** How many calls there may be towards one host. */
  int callsPerHost() {
    return perHost > 0 ? Math.min(perHost, inFlight) : Math.max(1, inFlight / 2);
  }

  /** As a server is run: with our own job class alone. */
  public static NodeSettings ofServer(
      String nodeId,
      Duration lease,
      int inFlight,
      int perHost,
      Pace pace,
      @Nullable String address,
      String version) {
    return new NodeSettings(
        nodeId, lease, inFlight, perHost, pace, address, version, Set.of(JobRows.JOB_CLASS));
  }
}
