package io.carillon.quartz.store;

import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.quartz.Calendar;
import org.quartz.ScheduleBuilder;
import org.quartz.impl.triggers.AbstractTrigger;

/**
 * A trigger of our own type as callers of Quartz's interface see it: when it fires next and what it
 * says. What comes after that its job's schedule tells, which Quartz does not know. Not
 * thread-safe, as all triggers of Quartz's.
 */
final class OwnTrigger extends AbstractTrigger<OwnTrigger> {
  private static final long serialVersionUID = 1L;

  private long planned;
  private String plan = "";
  private String zone = "";
  private String rules = "";
  private Date startTime = new Date();
  private @Nullable Date endTime;
  private @Nullable Date nextFireTime;
  private @Nullable Date previousFireTime;

  OwnTrigger with(TriggerRow.Own kind) {
    planned = kind.planned();
    plan = kind.plan();
    zone = kind.zone();
    rules = kind.rules();
    return this;
  }

  TriggerRow.Own kind() {
    return new TriggerRow.Own(planned, plan, zone, rules);
  }

  @Override
  public ScheduleBuilder<OwnTrigger> getScheduleBuilder() {
    return new Builder(kind());
  }

  /** Makes triggers that say the same. */
  static final class Builder extends ScheduleBuilder<OwnTrigger> {
    private final TriggerRow.Own kind;

    Builder(TriggerRow.Own kind) {
      this.kind = kind;
    }

    @Override
    public OwnTrigger build() {
      return new OwnTrigger().with(kind);
    }
  }

  @Override
  public void triggered(Calendar calendar) {
    previousFireTime = nextFireTime;
    nextFireTime = null;
  }

  @Override
  public @Nullable Date computeFirstFireTime(Calendar calendar) {
    return nextFireTime;
  }

  @Override
  public void updateAfterMisfire(Calendar calendar) {}

  @Override
  public void updateWithNewCalendar(Calendar calendar, long misfireThreshold) {}

  @Override
  public boolean mayFireAgain() {
    return nextFireTime != null;
  }

  @Override
  public Date getStartTime() {
    return startTime;
  }

  @Override
  public void setStartTime(Date startTime) {
    this.startTime = startTime;
  }

  @Override
  public void setEndTime(@Nullable Date endTime) {
    this.endTime = endTime;
  }

  @Override
  public @Nullable Date getEndTime() {
    return endTime;
  }

  @Override
  public @Nullable Date getNextFireTime() {
    return nextFireTime;
  }

  @Override
  public @Nullable Date getPreviousFireTime() {
    return previousFireTime;
  }

  /** The next one, if that is after the given time: what follows it is not known here. */
  @Override
  public @Nullable Date getFireTimeAfter(@Nullable Date after) {
    boolean known = nextFireTime != null && (after == null || nextFireTime.after(after));
    return known ? nextFireTime : null;
  }

  @Override
  public @Nullable Date getFinalFireTime() {
    return null;
  }

  @Override
  protected boolean validateMisfireInstruction(int instruction) {
    return instruction == MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY
        || instruction == MISFIRE_INSTRUCTION_SMART_POLICY;
  }

  @Override
  public void setNextFireTime(@Nullable Date nextFireTime) {
    this.nextFireTime = nextFireTime;
  }

  @Override
  public void setPreviousFireTime(@Nullable Date previousFireTime) {
    this.previousFireTime = previousFireTime;
  }
}
