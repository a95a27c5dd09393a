package io.carillon.quartz.store;

import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.spi.SchedulerSignaler;

/** A scheduler that does not listen. */
final class SilentSignaler implements SchedulerSignaler {
  @Override
  public void notifyTriggerListenersMisfired(Trigger trigger) {}

  @Override
  public void notifySchedulerListenersFinalized(Trigger trigger) {}

  @Override
  public void notifySchedulerListenersJobDeleted(JobKey jobKey) {}

  @Override
  public void signalSchedulingChange(long candidateNewNextFireTime) {}

  @Override
  public void notifySchedulerListenersError(String message, SchedulerException error) {
    throw new AssertionError(message, error);
  }
}
