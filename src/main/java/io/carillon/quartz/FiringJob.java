package io.carillon.quartz;

import org.quartz.Job;
import org.quartz.JobExecutionContext;

/**
 * The one job class of our JobDetails: makes one attempt of one execution. Never throws; what goes
 * wrong is an outcome. Instances come from {@link FiringJobFactory} only.
 */
final class FiringJob implements Job {
  private final Attempts attempts;

  FiringJob(Attempts attempts) {
    this.attempts = attempts;
  }

  @Override
  public void execute(JobExecutionContext context) {
    attempts.make(context.getFireInstanceId());
  }
}
