package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What is due is acquired in order, fired once, and moved on. */
final class FiringTest extends StoreContract {
  @Test
  void what_is_due_is_acquired_in_due_order_and_no_more_than_asked() throws Exception {
    JobDetail job = job("a");
    store(
        job,
        once("third", job, PAST.plusSeconds(2)),
        once("first", job, PAST),
        once("second", job, PAST.plusSeconds(1)));

    assertThat(names(side.acquire(2))).containsExactly("first", "second");
    assertThat(names(side.acquire(2))).containsExactly("third");
  }

  @Test
  void at_the_same_millisecond_the_higher_priority_comes_first() throws Exception {
    Map<JobDetail, Set<? extends Trigger>> all = new LinkedHashMap<>();
    all.put(job("a"), Set.of(prioritised("a-low", job("a"), 1)));
    all.put(job("b"), Set.of(prioritised("b-normal", job("b"), 5)));
    all.put(job("c"), Set.of(prioritised("c-high", job("c"), 10)));
    store().storeJobsAndTriggers(all, false);

    assertThat(names(side.acquire(5))).containsExactly("c-high", "b-normal", "a-low");
  }

  private static OperableTrigger prioritised(String name, JobDetail job, int priority) {
    return plan(
        trigger(name, job)
            .withPriority(priority)
            .startAt(Date.from(PAST))
            .withSchedule(ignoringMisfires()));
  }

  @Test
  void what_is_acquired_is_not_acquired_again() throws Exception {
    JobDetail job = job("a");
    store(job, once("t", job, PAST), hourly("u", job, Instant.now()));

    assertThat(side.acquire(10)).hasSize(2);
    assertThat(side.findsNothingDue()).isTrue();
  }

  @Test
  void what_is_not_due_is_left_alone() throws Exception {
    JobDetail job = job("a");
    OperableTrigger later = once("t", job, Instant.now().plusSeconds(3600));
    store(job, later);

    assertThat(side.findsNothingDue()).isTrue();
    assertThat(state(later)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void a_firing_tells_job_and_times() throws Exception {
    JobDetail job = job("a");
    store(job, hourly("t", job, PAST));
    Instant before = Instant.now().minusMillis(1);

    TriggerFiredBundle fired = fireOne();

    assertThat(fired.getJobDetail().getKey()).isEqualTo(job.getKey());
    assertThat(fired.getTrigger().getKey().getName()).isEqualTo("t");
    assertThat(fired.getTrigger().getFireInstanceId()).isNotBlank();
    assertThat(fired.isRecovering()).isFalse();
    assertThat(side.plannedFor(fired)).isEqualTo(PAST);
    assertThat(fired.getFireTime())
        .isBetween(Date.from(before), Date.from(Instant.now().plusMillis(1)));
  }

  @Test
  void a_recurring_trigger_fires_each_of_its_instants_once() throws Exception {
    JobDetail job = job("a");
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);

    for (int hour = 0; hour < 3; hour++) {
      TriggerFiredBundle fired = fireOne();
      assertThat(side.plannedFor(fired)).isEqualTo(PAST.plusSeconds(hour * 3600L));
      assertThat(nextOf(trigger)).isEqualTo(PAST.plusSeconds((hour + 1) * 3600L));
      assertThat(store().retrieveTrigger(trigger.getKey()).getPreviousFireTime())
          .isEqualTo(Date.from(PAST.plusSeconds(hour * 3600L)));
      assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);
      end(fired);
    }
  }

  @Test
  void runs_of_one_job_may_overlap() throws Exception {
    JobDetail job = job("a");
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);

    TriggerFiredBundle first = fireOne();
    TriggerFiredBundle second = fireOne();
    assertThat(ContractRows.firedRows(side)).isEqualTo(2);
    end(second);
    assertThat(ContractRows.firedRows(side)).isEqualTo(1);
    end(first);
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_one_shot_is_complete_while_it_runs_and_gone_afterwards() throws Exception {
    JobDetail job = job("a");
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);
    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);

    TriggerFiredBundle fired = fireOne();
    assertThat(state(trigger)).isEqualTo(TriggerState.COMPLETE);
    assertThat(nextOf(trigger)).isNull();
    end(fired);

    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(store().checkExists(job.getKey())).isFalse();
  }

  @Test
  void a_durable_job_outlives_its_one_shot() throws Exception {
    JobDetail job = named("a", PlainJob.class).storeDurably().build();
    store(job, once("t", job, PAST));

    end(fireOne());

    assertThat(store().getNumberOfTriggers()).isZero();
    assertThat(store().checkExists(job.getKey())).isTrue();
  }

  @Test
  void a_job_with_another_trigger_outlives_its_one_shot() throws Exception {
    JobDetail job = job("a");
    OperableTrigger other = once("later", job, Instant.now().plusSeconds(3600));
    store(job, once("t", job, PAST), other);

    end(fireOne());

    assertThat(store().checkExists(job.getKey())).isTrue();
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void a_trigger_whose_job_class_does_not_exist_is_in_error_and_the_others_fire() throws Exception {
    JobDetail job = job("a");
    JobDetail other = job("b");
    OperableTrigger lost = once("lost", job, PAST);
    store(job, lost);
    store(other, once("sound", other, PAST.plusSeconds(1)));
    ContractRows.update(
        side, "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'no.such.Job' WHERE JOB_NAME = ?", "a");

    assertThat(names(side.acquire(5))).containsExactly("sound");
    assertThat(state(lost)).isEqualTo(TriggerState.ERROR);
  }

  @Test
  void jobs_fire_beside_each_other_in_one_batch() throws Exception {
    for (int number = 0; number < 30; number++) {
      JobDetail job = job("job-" + number);
      store(job, once("t" + number, job, PAST.plusSeconds(number)));
    }

    List<TriggerFiredBundle> fired = fireUntil(30);

    assertThat(fired)
        .extracting(bundle -> bundle.getJobDetail().getKey().getName())
        .doesNotHaveDuplicates();
    fired.forEach(this::end);
    assertThat(store().getNumberOfJobs()).isZero();
    assertThat(ContractRows.firedRows(side)).isZero();
  }
}
