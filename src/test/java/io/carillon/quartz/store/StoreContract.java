package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.quartz.Calendar;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.ScheduleBuilder;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * What Quartz's JobStore promises, where our callers rely on it: each case is run against stock
 * Quartz and against ours. Where ours means something else, {@link DifferencesTest} says what and
 * why. Triggers ignore misfires unless a case says otherwise, so that what is late is simply due.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.carillon.quartz.store.Side#both")
abstract class StoreContract {
  static final String GROUP = "default";
  static final String TRIGGERS = "queue";

  /** Some instant that has passed. */
  static final Instant PAST = Instant.parse("2025-06-02T10:00:00Z");

  @Parameter Side side;

  @AfterEach
  void clear() {
    side.clear();
  }

  JobStoreSupport store() {
    return side.store();
  }

  static JobBuilder named(String name, Class<? extends Job> type) {
    return JobBuilder.newJob(type).withIdentity(name, GROUP).requestRecovery();
  }

  static JobDetail job(String name) {
    return named(name, PlainJob.class).build();
  }

  static TriggerBuilder<Trigger> trigger(String name, JobDetail job) {
    return TriggerBuilder.newTrigger().withIdentity(name, TRIGGERS).forJob(job);
  }

  /** Due once, at an instant. */
  static OperableTrigger once(String name, JobDetail job, Instant at) {
    return plan(trigger(name, job).startAt(Date.from(at)).withSchedule(ignoringMisfires()));
  }

  /** Due every hour from an instant. */
  static OperableTrigger hourly(String name, JobDetail job, Instant from) {
    return plan(
        trigger(name, job)
            .startAt(Date.from(from))
            .withSchedule(ignoringMisfires().withIntervalInHours(1).repeatForever()));
  }

  static SimpleScheduleBuilder ignoringMisfires() {
    return SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires();
  }

  /** With its first time, as Quartz's scheduler gives it before it is stored. */
  static OperableTrigger plan(TriggerBuilder<?> builder, Calendar calendar) {
    OperableTrigger trigger = (OperableTrigger) builder.build();
    assertThat(trigger.computeFirstFireTime(calendar)).isNotNull();
    return trigger;
  }

  static OperableTrigger plan(TriggerBuilder<?> builder) {
    return plan(builder, null);
  }

  static <T extends Trigger> OperableTrigger planned(
      String name, JobDetail job, Instant from, ScheduleBuilder<T> schedule) {
    return plan(trigger(name, job).startAt(Date.from(from)).withSchedule(schedule));
  }

  /** Stores a job with its triggers. */
  void store(JobDetail job, Trigger... triggers) throws JobPersistenceException {
    Map<JobDetail, Set<? extends Trigger>> all = new LinkedHashMap<>();
    all.put(job, Set.of(triggers));
    store().storeJobsAndTriggers(all, false);
  }

  TriggerState state(OperableTrigger trigger) throws JobPersistenceException {
    return store().getTriggerState(trigger.getKey());
  }

  Instant nextOf(OperableTrigger trigger) throws JobPersistenceException {
    Date next = store().retrieveTrigger(trigger.getKey()).getNextFireTime();
    return next == null ? null : next.toInstant();
  }

  /** Acquires and fires one due trigger. */
  TriggerFiredBundle fireOne() {
    List<TriggerFiredBundle> fired = fire(1);
    assertThat(fired).hasSize(1);
    return fired.get(0);
  }

  List<TriggerFiredBundle> fire(int most) {
    return side.fire(side.acquire(most));
  }

  /** Fires due triggers until so many have fired. */
  List<TriggerFiredBundle> fireUntil(int count) {
    List<TriggerFiredBundle> fired = new ArrayList<>();
    while (fired.size() < count) {
      List<TriggerFiredBundle> more = fire(count - fired.size());
      assertThat(more).as("fired after %d of %d", fired.size(), count).isNotEmpty();
      fired.addAll(more);
    }
    return fired;
  }

  /** Ends a run that went well, with the instruction that Quartz's own trigger gives then. */
  void end(TriggerFiredBundle fired) {
    end(fired, fired.getTrigger().executionComplete(null, null));
  }

  void end(TriggerFiredBundle fired, CompletedExecutionInstruction instruction) {
    side.complete(fired, instruction);
  }

  /** Names of the triggers that were acquired. */
  static List<String> names(List<OperableTrigger> triggers) {
    return triggers.stream().map(trigger -> trigger.getKey().getName()).toList();
  }
}
