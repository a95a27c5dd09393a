package io.carillon.quartz.store;

import io.carillon.execution.StoreParticipant;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.quartz.CalendarIntervalScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * Cases of our store alone, where stock Quartz has no say: a class of them has a database of its
 * own, which is emptied after each case.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OurStoreCases {
  static final Instant PAST = StoreContract.PAST;
  static final Instant LATER = Instant.parse("2035-01-01T00:00:00Z");

  @AutoClose final OurSide side;
  final JobStoreSupport store;
  final JobDetail job = StoreContract.job("a");

  OurStoreCases() {
    this(null);
  }

  /**
   * @param participant joins the store's transactions in place of one that remembers, if given
   */
  OurStoreCases(@Nullable StoreParticipant participant) {
    side = new OurSide(participant);
    store = side.store();
  }

  @AfterEach
  void clear() {
    side.clear();
  }

  /** Of a kind that the sets do not cover. */
  static OperableTrigger monthly(String name, JobDetail job, Instant from) {
    return StoreContract.planned(
        name,
        job,
        from,
        CalendarIntervalScheduleBuilder.calendarIntervalSchedule().withIntervalInMonths(1));
  }

  /** Each day from {@link #PAST}, but for those that the calendar {@code days} leaves out. */
  static OperableTrigger withCalendar(String name, JobDetail job) {
    return StoreContract.plan(
        StoreContract.trigger(name, job)
            .startAt(Date.from(PAST))
            .modifiedByCalendar("days")
            .withSchedule(StoreContract.ignoringMisfires().withIntervalInHours(24).repeatForever()),
        new BaseCalendar());
  }

  void store(JobDetail job, OperableTrigger... triggers) throws JobPersistenceException {
    store.storeJobsAndTriggers(Map.of(job, Set.of(triggers)), false);
  }

  /** Acquires and fires one due trigger. */
  TriggerFiredBundle fireOne() {
    return side.fire(side.acquire(1)).get(0);
  }

  /** Ends a run that went well. */
  void end(TriggerFiredBundle run) {
    side.complete(run, run.getTrigger().executionComplete(null, null));
  }
}
