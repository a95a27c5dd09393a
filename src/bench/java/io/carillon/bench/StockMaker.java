package io.carillon.bench;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/**
 * A scheduler of stock Quartz that is never started: it only stores jobs. Thread-safe, as its
 * scheduler is.
 */
final class StockMaker implements AutoCloseable {
  private static final int BATCH = 500;

  private final Scheduler scheduler;
  private final AtomicInteger names = new AtomicInteger();

  StockMaker(DatabaseServer.Schema schema) {
    try {
      scheduler =
          new StdSchedulerFactory(
                  StockSettings.BEST.properties(schema.url(), schema.user(), schema.password()))
              .getScheduler();
    } catch (SchedulerException fault) {
      throw new BenchFault("Quartz does not come up", fault);
    }
  }

  /** One-time jobs stored by {@code scheduleJobs} of 500. */
  Slices.Created bulk(int jobs, IntFunction<Instant> due) {
    return bulk(jobs, n -> TriggerBuilder.newTrigger().startAt(Date.from(due.apply(n))).build(), 1);
  }

  /** Jobs with triggers of any kind, stored by {@code scheduleJobs} of 500. */
  Slices.Created bulk(int jobs, IntFunction<Trigger> trigger, int callers) {
    return Slices.create(
        "stock-maker",
        jobs,
        BATCH,
        callers,
        lane ->
            (from, to) -> {
              Map<JobDetail, Set<? extends Trigger>> batch = new HashMap<>();
              for (int n = from; n < to; n++) {
                batch.put(job(), Set.of(trigger.apply(n)));
              }
              scheduler.scheduleJobs(batch, false);
            });
  }

  /** One-time jobs stored one by one by so many callers. */
  Slices.Created singly(int jobs, int callers, Instant due) {
    return Slices.create(
        "stock-maker",
        jobs,
        1,
        callers,
        lane ->
            (from, to) ->
                scheduler.scheduleJob(
                    job(), TriggerBuilder.newTrigger().startAt(Date.from(due)).build()));
  }

  private JobDetail job() {
    String name = "j" + names.getAndIncrement();
    return JobBuilder.newJob(StockJob.class).withIdentity(name).build();
  }

  @Override
  public void close() {
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException fault) {
      throw new BenchFault("Quartz does not shut down", fault);
    }
  }
}
