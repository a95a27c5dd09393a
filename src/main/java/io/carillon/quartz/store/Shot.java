package io.carillon.quartz.store;

import io.carillon.execution.Firing;
import org.jspecify.annotations.Nullable;
import org.quartz.spi.TriggerFiredBundle;

/**
 * A firing together with the trigger row that it came from, as it stood before the firing.
 *
 * @param bundle what Quartz's own code says of it; null if it was fired in a set
 */
record Shot(Firing firing, TriggerRow trigger, @Nullable TriggerFiredBundle bundle) {
  Shot(Firing firing, TriggerRow trigger) {
    this(firing, trigger, null);
  }

  /** Whether no other execution of the job may run meanwhile. */
  boolean alone() {
    return bundle != null && bundle.getJobDetail().isConcurrentExecutionDisallowed();
  }
}
