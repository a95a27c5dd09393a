package io.carillon.quartz.store;

import io.carillon.execution.Firing;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobDetail;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.impl.JobDetailImpl;
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
public final class CarillonJobStore extends InheritedStore {
  private Class<? extends Job> jobClass = Job.class;
  private Completer completer = (fireInstanceId, instruction) -> {};

  /** Called by a worker after a job has run, with the id of its firing. */
  @FunctionalInterface
  public interface Completer {
    void completed(String fireInstanceId, CompletedExecutionInstruction instruction);
  }

  /** Hands over the collaborators; before the scheduler is used. */
  public void bind(StoreEngine storeEngine, Class<? extends Job> firingJob, Completer whenDone) {
    attach(storeEngine);
    this.jobClass = firingJob;
    this.completer = whenDone;
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

  /** A trigger as the scheduler's loop gets it, with what the slow path found out. */
  private static final class Acquired extends SimpleTriggerImpl {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable TriggerFiredBundle bundle;

    Acquired(Shot shot) {
      this.bundle = shot.bundle();
    }
  }

  private static OperableTrigger trigger(Shot shot) {
    Acquired trigger = new Acquired(shot);
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
        .map(firing -> new TriggerFiredResult(bundle(trigger, firing)))
        .orElseGet(() -> new TriggerFiredResult((TriggerFiredBundle) null));
  }

  private TriggerFiredBundle bundle(OperableTrigger trigger, Firing firing) {
    if (trigger instanceof Acquired acquired && acquired.bundle != null) {
      return acquired.bundle;
    }
    return new TriggerFiredBundle(
        detail(trigger),
        trigger,
        null,
        firing.recovered(),
        Date.from(firing.firedAt()),
        Date.from(firing.scheduledAt()),
        null,
        null);
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
    if (!(trigger instanceof Acquired) || instruction != CompletedExecutionInstruction.NOOP) {
      engine().note(trigger.getFireInstanceId(), new Ending(trigger, jobDetail, instruction));
    }
    completer.completed(trigger.getFireInstanceId(), instruction);
  }
}
