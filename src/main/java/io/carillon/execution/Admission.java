package io.carillon.execution;

/**
 * Whether an attempt may still leave this node. Asked by a {@link TargetCaller} at the last moment
 * before anything is sent: a worker may have stood still, or waited for a connection, for longer
 * than its node's lease. Thread-safe; free. Told by a clock that goes on while the process stands
 * still.
 */
@FunctionalInterface
public interface Admission {
  boolean holds();
}
