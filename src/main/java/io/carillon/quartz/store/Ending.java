package io.carillon.quartz.store;

import org.quartz.JobDetail;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.spi.OperableTrigger;

/**
 * What Quartz says at the end of a run, where there is anything to do about it.
 *
 * @param trigger as it was handed out at the firing
 * @param job with the data as the run has left it
 */
record Ending(OperableTrigger trigger, JobDetail job, CompletedExecutionInstruction instruction) {}
