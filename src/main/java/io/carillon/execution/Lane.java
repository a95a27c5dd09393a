package io.carillon.execution;

import java.util.Comparator;

/**
 * What limits executions: of all that run in a lane there may be so many at once, or so many in a
 * span of time.
 *
 * @param namespace of the job; empty for hosts, which all namespaces share
 * @param name of the queue, host, job or key; where it is made of two, they are parted by a tab
 */
public record Lane(String namespace, Kind kind, String name) implements Comparable<Lane> {
  private static final Comparator<Lane> BY_KEY =
      Comparator.comparing(Lane::namespace)
          .thenComparing(lane -> lane.kind().name())
          .thenComparing(Lane::name);

  private static final int LONGEST = 450;

  public Lane {
    name = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }

  /** In the order in which the lanes of a run are passed. */
  public enum Kind {
    /** One execution of a key at a time, in due order, until it is final. */
    FIFO,
    /** One start of a key in each span of time, in due order. */
    THROTTLE,
    /** A host whose breaker is not closed, or that has a node's share of calls. */
    HOST,
    /** Executions of one job. */
    JOB,
    /** Executions towards one host, of all jobs of a namespace that have a limit for that. */
    JOBS_HOST,
    /** Executions of one queue towards one host. */
    QUEUE_HOST,
    /** Executions of one queue. */
    QUEUE;

    /** Whether priorities have no say in it. */
    public boolean isStrict() {
      return this == FIFO || this == THROTTLE;
    }
  }

  public static Lane host(String host) {
    return new Lane("", Kind.HOST, host);
  }

  public static Lane queue(String namespace, String queue) {
    return new Lane(namespace, Kind.QUEUE, queue);
  }

  public static Lane jobsHost(String namespace, String host) {
    return new Lane(namespace, Kind.JOBS_HOST, host);
  }

  public static Lane queueHost(String namespace, String queue, String host) {
    return new Lane(namespace, Kind.QUEUE_HOST, queue + '\t' + host);
  }

  /** In the order in which rows of lanes are locked. */
  @Override
  public int compareTo(Lane other) {
    return BY_KEY.compare(this, other);
  }
}
