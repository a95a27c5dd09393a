package io.carillon.bench;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
  private static final long LIMIT_SECONDS = 1_800;

  private final Scheduler scheduler;

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

  /** One-time jobs with the numbers from 0, stored by {@code scheduleJobs} of 500. */
  JobMaker.Created bulk(int jobs, IntFunction<Instant> due) {
    return bulk(jobs, n -> TriggerBuilder.newTrigger().startAt(Date.from(due.apply(n))).build(), 1);
  }

  /** Jobs with triggers of any kind, stored by {@code scheduleJobs} of 500. */
  JobMaker.Created bulk(int jobs, IntFunction<Trigger> trigger, int callers) {
    return create(
        jobs,
        BATCH,
        callers,
        (from, to) -> {
          Map<JobDetail, Set<? extends Trigger>> batch = new HashMap<>();
          for (int n = from; n < to; n++) {
            batch.put(job(n), Set.of(trigger.apply(n)));
          }
          scheduler.scheduleJobs(batch, false);
        });
  }

  /** One-time jobs stored one by one by so many callers. */
  JobMaker.Created singly(int jobs, int callers, Instant due) {
    return create(
        jobs,
        1,
        callers,
        (from, to) ->
            scheduler.scheduleJob(
                job(from), TriggerBuilder.newTrigger().startAt(Date.from(due)).build()));
  }

  void clear() {
    try {
      scheduler.clear();
    } catch (SchedulerException fault) {
      throw new BenchFault("Clearing Quartz's tables", fault);
    }
  }

  private static JobDetail job(int n) {
    return JobBuilder.newJob(StockJob.class).withIdentity("j" + n).build();
  }

  /** Stores the jobs numbered from (inclusive) to (exclusive). */
  private interface Step {
    void store(int from, int to) throws SchedulerException;
  }

  private static JobMaker.Created create(int jobs, int batch, int callers, Step step) {
    int calls = (jobs + batch - 1) / batch;
    AtomicInteger next = new AtomicInteger();
    List<Callable<Integer>> lanes =
        IntStream.range(0, callers)
            .<Callable<Integer>>mapToObj(
                lane ->
                    () -> {
                      int made = 0;
                      for (int call = next.getAndIncrement();
                          call < calls;
                          call = next.getAndIncrement()) {
                        int to = Math.min(jobs, (call + 1) * batch);
                        step.store(call * batch, to);
                        made += to - call * batch;
                      }
                      return made;
                    })
            .toList();
    long begin = System.nanoTime();
    int made = Lanes.run("stock-maker", lanes, LIMIT_SECONDS).stream().mapToInt(n -> n).sum();
    return new JobMaker.Created(made, (System.nanoTime() - begin) / 1e9);
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
