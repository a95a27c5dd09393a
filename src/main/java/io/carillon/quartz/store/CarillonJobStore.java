package io.carillon.quartz.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.impl.JobDetailImpl;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.triggers.SimpleTriggerImpl;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;
import org.quartz.spi.TriggerFiredResult;

/**
 * Quartz's JobStore on Quartz's own schema, with acquire, fire, complete, check-in and recovery
 * replaced by {@link StoreEngine}. What is inherited (pause, resume, calendars, queries of the
 * Scheduler interface) runs in the same transactions, under the same lock row.
 *
 * <p>{@code acquireNextTriggers} answers triggers that are fired already and committed; {@code
 * triggersFired} hands out what was committed then. Quartz's own cluster and misfire threads are
 * never started.
 */
public final class CarillonJobStore extends JobStoreTX {
  private @Nullable StoreEngine engine;
  private Class<? extends Job> jobClass = Job.class;
  private Completer completer = (fireInstanceId, instruction) -> {};

  /** Called by a worker after a job has run, with the id of its firing. */
  @FunctionalInterface
  public interface Completer {
    void completed(String fireInstanceId, CompletedExecutionInstruction instruction);
  }

  /** Hands over the collaborators; before the scheduler is used. */
  public void bind(StoreEngine storeEngine, Class<? extends Job> firingJob, Completer whenDone) {
    this.engine = storeEngine;
    this.jobClass = firingJob;
    this.completer = whenDone;
  }

  private StoreEngine engine() {
    StoreEngine bound = engine;
    if (bound == null) {
      throw new IllegalStateException("the store was not bound to its engine");
    }
    return bound;
  }

  @Override
  public void schedulerStarted() {
    engine().fire();
  }

  @Override
  public void schedulerPaused() {
    engine().hold();
  }

  @Override
  public void schedulerResumed() {
    engine().fire();
  }

  /** The engine is ended by its owner, after Quartz. */
  @Override
  public void shutdown() {
    engine().hold();
  }

  @Override
  public List<OperableTrigger> acquireNextTriggers(
      long noLaterThan, int maxCount, long timeWindow) {
    List<OperableTrigger> triggers = new ArrayList<>();
    for (Shot shot : engine().next(maxCount)) {
      triggers.add(trigger(shot));
    }
    return triggers;
  }

  private static OperableTrigger trigger(Shot shot) {
    SimpleTriggerImpl trigger = new SimpleTriggerImpl();
    TriggerRow row = shot.trigger();
    trigger.setName(row.name().name());
    trigger.setGroup(row.name().group());
    trigger.setJobName(row.requireJob().value());
    trigger.setJobGroup(row.requireJob().namespace());
    trigger.setPriority(row.priority());
    trigger.setStartTime(new Date(row.startTime()));
    // It is fired already. Quartz would wait until this time, should the clock be set back now.
    trigger.setNextFireTime(new Date(1));
    trigger.setFireInstanceId(InFlight.nameOf(shot.firing()));
    return trigger;
  }

  @Override
  public List<TriggerFiredResult> triggersFired(List<OperableTrigger> triggers) {
    return triggers.stream().map(this::fired).toList();
  }

  private TriggerFiredResult fired(OperableTrigger trigger) {
    return engine()
        .firing(trigger.getFireInstanceId())
        .map(
            firing ->
                new TriggerFiredResult(
                    new TriggerFiredBundle(
                        detail(trigger),
                        trigger,
                        null,
                        firing.recovered(),
                        Date.from(firing.firedAt()),
                        Date.from(firing.scheduledAt()),
                        null,
                        null)))
        .orElseGet(() -> new TriggerFiredResult((TriggerFiredBundle) null));
  }

  private JobDetail detail(OperableTrigger trigger) {
    JobDetailImpl detail = new JobDetailImpl();
    detail.setName(trigger.getJobKey().getName());
    detail.setGroup(trigger.getJobKey().getGroup());
    detail.setJobClass(jobClass);
    return detail;
  }

  /** Nothing is ever acquired without being fired, so there is nothing to release. */
  @Override
  public void releaseAcquiredTrigger(OperableTrigger trigger) {}

  @Override
  public void triggeredJobComplete(
      OperableTrigger trigger, JobDetail jobDetail, CompletedExecutionInstruction instruction) {
    completer.completed(trigger.getFireInstanceId(), instruction);
  }

  /** Everything inherited runs here: one pool, one lock row, whole-transaction retries. */
  @Override
  protected <T> T executeInNonManagedTXLock(
      @Nullable String lockName,
      TransactionCallback<T> txCallback,
      @Nullable TransactionValidator<T> txValidator)
      throws JobPersistenceException {
    try {
      T result = engine().transaction(lockName != null, connection -> run(txCallback, connection));
      if (lockName != null) {
        engine().wake();
      }
      return result;
    } catch (SQLException e) {
      throw new JobPersistenceException("the store's transaction failed: " + e.getMessage(), e);
    }
  }

  /** Lets a lost race come through as what it is, so that the whole transaction is run again. */
  private static <T> T run(TransactionCallback<T> work, Connection connection)
      throws SQLException, JobPersistenceException {
    try {
      return work.execute(connection);
    } catch (JobPersistenceException e) {
      if (e.getCause() instanceof SQLException cause && Transactions.isLostRace(cause)) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  protected Connection getConnection() throws JobPersistenceException {
    throw new JobPersistenceException(
        "connections are handed out by the store's transactions only");
  }
}
