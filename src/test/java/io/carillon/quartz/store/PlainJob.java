package io.carillon.quartz.store;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.PersistJobDataAfterExecution;

/** Job classes of the contract's cases; none is ever executed. */
class PlainJob implements Job {
  @Override
  public void execute(JobExecutionContext context) {
    throw new UnsupportedOperationException();
  }

  /** Does not run beside itself. */
  @DisallowConcurrentExecution
  static final class Alone extends PlainJob {}

  /** Keeps the data that a run leaves. */
  @PersistJobDataAfterExecution
  static final class Keeping extends PlainJob {}
}
