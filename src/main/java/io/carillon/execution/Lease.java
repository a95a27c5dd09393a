package io.carillon.execution;

import java.time.Duration;

/**
 * This node's right to run what it has fired. Thread-safe; reading it costs nothing.
 *
 * <p>A node whose last successful check-in is older than its grace (3 s by the monotonic clock) may
 * already have been taken for dead: it must begin no call, and break off none by itself.
 */
public interface Lease {
  /** The instance name of the current token. Changes when the node was taken for dead. */
  String instanceName();

  /** Whether a call that was fired under this name may begin now. */
  boolean holds(String instanceName);

  /** Age of the last successful check-in by the monotonic clock. */
  Duration age();
}
