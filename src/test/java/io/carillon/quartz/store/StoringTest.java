package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Trigger;
import org.quartz.spi.OperableTrigger;

/** Jobs and triggers are stored, read, replaced and taken away. */
final class StoringTest extends StoreContract {
  @Test
  void a_job_and_its_trigger_are_read_back_as_they_were_stored() throws Exception {
    JobDetail job =
        named("report", PlainJob.class)
            .withDescription("every night")
            .usingJobData("size", "7")
            .build();
    OperableTrigger trigger =
        plan(
            trigger("nightly", job)
                .withPriority(8)
                .withDescription("at ten")
                .usingJobData("from", "here")
                .startAt(Date.from(PAST))
                .endAt(Date.from(PAST.plusSeconds(90_000)))
                .withSchedule(ignoringMisfires().withIntervalInHours(1).withRepeatCount(5)));

    store().storeJobAndTrigger(job, trigger);

    JobDetail read = store().retrieveJob(job.getKey());
    assertThat(read).isEqualTo(job);
    assertThat(read.getDescription()).isEqualTo("every night");
    assertThat(read.getJobClass()).isEqualTo(PlainJob.class);
    assertThat(read.requestsRecovery()).isTrue();
    assertThat(read.isDurable()).isFalse();
    assertThat(read.getJobDataMap().getString("size")).isEqualTo("7");
    OperableTrigger found = store().retrieveTrigger(trigger.getKey());
    assertThat(found.getPriority()).isEqualTo(8);
    assertThat(found.getDescription()).isEqualTo("at ten");
    assertThat(found.getJobDataMap().getString("from")).isEqualTo("here");
    assertThat(found.getStartTime()).isEqualTo(trigger.getStartTime());
    assertThat(found.getEndTime()).isEqualTo(trigger.getEndTime());
    assertThat(found.getNextFireTime()).isEqualTo(Date.from(PAST));
    assertThat(found.getPreviousFireTime()).isNull();
    assertThat(found.getFinalFireTime()).isEqualTo(trigger.getFinalFireTime());
  }

  @Test
  void what_is_not_there_is_read_as_nothing() throws Exception {
    assertThat(store().retrieveJob(new JobKey("none", GROUP))).isNull();
    assertThat(store().retrieveTrigger(new TriggerName("none", TRIGGERS).key())).isNull();
    assertThat(store().getTriggerState(new TriggerName("none", TRIGGERS).key()))
        .isEqualTo(Trigger.TriggerState.NONE);
    assertThat(store().getTriggersForJob(new JobKey("none", GROUP))).isEmpty();
  }

  @Test
  void a_second_job_of_one_name_is_refused_unless_it_may_replace() throws Exception {
    JobDetail first = named("a", PlainJob.class).storeDurably().withDescription("first").build();
    JobDetail second = first.getJobBuilder().withDescription("second").build();
    store().storeJob(first, false);

    assertThatThrownBy(() -> store().storeJob(second, false))
        .isInstanceOf(ObjectAlreadyExistsException.class);
    assertThat(store().retrieveJob(first.getKey()).getDescription()).isEqualTo("first");

    store().storeJob(second, true);
    assertThat(store().retrieveJob(first.getKey()).getDescription()).isEqualTo("second");
    assertThat(store().getNumberOfJobs()).isEqualTo(1);
  }

  @Test
  void a_second_trigger_of_one_name_is_refused_unless_it_may_replace() throws Exception {
    JobDetail job = job("a");
    store(job, once("t", job, PAST));
    OperableTrigger later = once("t", job, PAST.plusSeconds(60));

    assertThatThrownBy(() -> store().storeTrigger(later, false))
        .isInstanceOf(ObjectAlreadyExistsException.class);
    assertThat(nextOf(later)).isEqualTo(PAST);

    store().storeTrigger(later, true);
    assertThat(nextOf(later)).isEqualTo(PAST.plusSeconds(60));
    assertThat(store().getNumberOfTriggers()).isEqualTo(1);
  }

  @Test
  void a_trigger_without_its_job_is_refused() {
    JobDetail job = job("nowhere");

    assertThatThrownBy(() -> store().storeTrigger(once("t", job, PAST), false))
        .isInstanceOf(JobPersistenceException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void several_jobs_are_stored_together_or_not_at_all() throws Exception {
    JobDetail a = job("a");
    JobDetail b = job("b");
    store().storeJobAndTrigger(b, once("b", b, PAST));
    Map<JobDetail, Set<? extends Trigger>> both = new LinkedHashMap<>();
    both.put(a, Set.of(once("a1", a, PAST), once("a2", a, PAST.plusSeconds(1))));
    both.put(b, Set.of(once("b", b, PAST)));

    assertThatThrownBy(() -> store().storeJobsAndTriggers(both, false))
        .isInstanceOf(ObjectAlreadyExistsException.class);
    assertThat(store().checkExists(a.getKey())).isFalse();

    store().storeJobsAndTriggers(both, true);
    assertThat(store().getTriggersForJob(a.getKey())).hasSize(2);
  }

  @Test
  void a_job_goes_with_its_last_trigger_unless_it_is_durable() throws Exception {
    JobDetail passing = job("passing");
    JobDetail durable = named("durable", PlainJob.class).storeDurably().build();
    OperableTrigger one = once("one", passing, PAST);
    OperableTrigger two = once("two", passing, PAST);
    OperableTrigger three = once("three", durable, PAST);
    store(passing, one, two);
    store(durable, three);

    assertThat(store().removeTrigger(one.getKey())).isTrue();
    assertThat(store().checkExists(passing.getKey())).isTrue();
    assertThat(store().removeTriggers(List.of(two.getKey(), three.getKey()))).isTrue();

    assertThat(store().checkExists(passing.getKey())).isFalse();
    assertThat(store().checkExists(durable.getKey())).isTrue();
    assertThat(store().getNumberOfTriggers()).isZero();
  }

  @Test
  void removing_what_is_not_there_says_so_and_removes_the_rest() throws Exception {
    JobDetail a = job("a");
    JobDetail b = named("b", PlainJob.class).storeDurably().build();
    OperableTrigger trigger = once("t", b, PAST);
    store(a, once("a", a, PAST));
    store(b, trigger);

    assertThat(store().removeTrigger(new TriggerName("none", TRIGGERS).key())).isFalse();
    assertThat(
            store().removeTriggers(List.of(new TriggerName("x", TRIGGERS).key(), trigger.getKey())))
        .isFalse();
    assertThat(store().checkExists(trigger.getKey())).isFalse();
    assertThat(store().removeJobs(List.of(new JobKey("none", GROUP), a.getKey()))).isFalse();
    assertThat(store().checkExists(a.getKey())).isFalse();
    assertThat(store().removeJob(b.getKey())).isTrue();
    assertThat(store().removeJob(b.getKey())).isFalse();
  }

  @Test
  void a_job_takes_its_triggers_of_every_kind_with_it() throws Exception {
    JobDetail job = job("a");
    store(
        job,
        once("once", job, PAST),
        planned("cron", job, PAST, org.quartz.CronScheduleBuilder.dailyAtHourAndMinute(4, 0)),
        planned(
            "monthly",
            job,
            PAST,
            org.quartz.CalendarIntervalScheduleBuilder.calendarIntervalSchedule()
                .withIntervalInMonths(1)));

    assertThat(store().removeJob(job.getKey())).isTrue();

    assertThat(store().getNumberOfTriggers()).isZero();
    assertThat(store().getNumberOfJobs()).isZero();
  }

  @Test
  void a_trigger_is_replaced_by_another_of_the_same_job_only() throws Exception {
    JobDetail a = job("a");
    JobDetail b = job("b");
    OperableTrigger old = once("old", a, PAST);
    store(a, old);
    store(b, once("b", b, PAST));
    OperableTrigger fresh = once("fresh", a, PAST.plusSeconds(1));

    assertThatThrownBy(() -> store().replaceTrigger(old.getKey(), once("x", b, PAST)))
        .isInstanceOf(JobPersistenceException.class);
    assertThat(store().replaceTrigger(new TriggerName("no", TRIGGERS).key(), fresh)).isFalse();
    assertThat(store().replaceTrigger(old.getKey(), fresh)).isTrue();

    assertThat(store().checkExists(old.getKey())).isFalse();
    assertThat(nextOf(fresh)).isEqualTo(PAST.plusSeconds(1));
    assertThat(store().checkExists(a.getKey())).isTrue();
  }

  @Test
  void everything_is_taken_away_at_once() throws Exception {
    JobDetail job = job("a");
    store().storeCalendar("empty", new org.quartz.impl.calendar.BaseCalendar(), false, false);
    store(job, once("t", job, PAST), hourly("u", job, PAST));

    store().clearAllSchedulingData();

    assertThat(store().getNumberOfJobs()).isZero();
    assertThat(store().getNumberOfTriggers()).isZero();
    assertThat(store().getNumberOfCalendars()).isZero();
  }
}
