package io.carillon.quartz;

import org.quartz.Job;
import org.quartz.Scheduler;
import org.quartz.spi.JobFactory;
import org.quartz.spi.TriggerFiredBundle;

/** Makes {@link FiringJob}s, whatever class a JobDetail names. Thread-safe; cannot fail. */
final class FiringJobFactory implements JobFactory {
  private final Attempts attempts;

  FiringJobFactory(Attempts attempts) {
    this.attempts = attempts;
  }

  @Override
  public Job newJob(TriggerFiredBundle bundle, Scheduler scheduler) {
    return new FiringJob(attempts);
  }
}
