package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quartz.CronScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger.TriggerState;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * Where ours means something else than stock Quartz, on purpose: the same case, and what each side
 * makes of it.
 */
final class DifferencesTest extends StoreContract {
  private final JobDetail job = job("a");

  private boolean isOurs() {
    return side instanceof OurSide;
  }

  /**
   * Ours fires as it acquires, in one transaction: no node can freeze between the two and fire
   * again on waking what another has fired. So there is nothing to release, and no ACQUIRED row.
   */
  @Test
  void what_is_acquired_has_been_fired_and_cannot_be_released() throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);

    OperableTrigger acquired = side.acquire(1).get(0);
    assertThat(ContractRows.state(side, "t")).isEqualTo(isOurs() ? "COMPLETE" : "ACQUIRED");
    store().releaseAcquiredTrigger(acquired);

    assertThat(state(trigger)).isEqualTo(isOurs() ? TriggerState.COMPLETE : TriggerState.NORMAL);
    assertThat(side.findsNothingDue()).isEqualTo(isOurs());
  }

  /** For the same reason a deletion or pause comes too late once a trigger was acquired. */
  @Test
  void a_trigger_deleted_after_it_was_acquired_runs() throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);
    List<OperableTrigger> acquired = side.acquire(1);

    store().removeTrigger(trigger.getKey());

    List<TriggerFiredBundle> fired = side.fire(acquired);
    assertThat(fired).hasSize(isOurs() ? 1 : 0);
    fired.forEach(this::end);
    assertThat(ContractRows.firedRows(side)).isEqualTo(isOurs() ? 0 : 1);
  }

  @Test
  void a_trigger_paused_after_it_was_acquired_runs() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    List<OperableTrigger> acquired = side.acquire(1);

    store().pauseTrigger(trigger.getKey());

    assertThat(side.fire(acquired)).hasSize(isOurs() ? 1 : 0);
    assertThat(state(trigger)).isEqualTo(TriggerState.PAUSED);
    assertThat(nextOf(trigger)).isEqualTo(isOurs() ? PAST.plusSeconds(3600) : PAST);
  }

  /** A scheduled instant names the execution and is told to the target: it is never rewritten. */
  @Test
  void a_late_trigger_fires_for_the_instant_it_was_planned_for() throws Exception {
    OperableTrigger late =
        planned(
            "t",
            job,
            PAST,
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow());
    store(job, late);
    Instant before = Instant.now().minusMillis(1);
    if (side instanceof StockSide stock) {
      stock.stock().handleMisfires();
    }

    TriggerFiredBundle fired = fireOne();

    if (isOurs()) {
      assertThat(side.plannedFor(fired)).isEqualTo(PAST);
    } else {
      assertThat(side.plannedFor(fired)).isAfter(before);
    }
  }

  /** Nor does a resume rewrite it, whatever the trigger says of misfires. */
  @Test
  void a_trigger_resumed_late_keeps_its_instant() throws Exception {
    OperableTrigger late =
        planned(
            "t",
            job,
            PAST,
            SimpleScheduleBuilder.simpleSchedule()
                .withIntervalInHours(1)
                .repeatForever()
                .withMisfireHandlingInstructionNextWithRemainingCount());
    store(job, late);
    store().pauseTrigger(late.getKey());

    store().resumeTrigger(late.getKey());

    assertThat(state(late)).isEqualTo(TriggerState.NORMAL);
    if (isOurs()) {
      assertThat(nextOf(late)).isEqualTo(PAST);
    } else {
      assertThat(nextOf(late)).isAfter(Instant.now());
    }
  }

  /** An execution's id is made of job and instant: an instant of a job is one execution. */
  @Test
  void two_triggers_of_one_job_at_one_instant_are_one_execution() throws Exception {
    OperableTrigger one = once("one", job, PAST);
    OperableTrigger two = once("two", job, PAST);
    store(job, one, two);

    if (isOurs()) {
      fireOne();
      assertThat(side.findsNothingDue()).isTrue();
      assertThat(ContractRows.firedRows(side)).isEqualTo(1);
    } else {
      assertThat(fireUntil(2)).hasSize(2);
    }
  }

  /**
   * Rows of a class of priorities (3 to 6 are normal) are found in the order of an index, which has
   * no room for a second order by priority.
   */
  @Test
  void a_batch_of_one_does_not_look_at_priorities_of_one_class() throws Exception {
    JobDetail other = job("b");
    store(job, urgent("a", job, 3));
    store(other, urgent("b", other, 6));

    assertThat(names(side.acquire(1))).containsExactly(isOurs() ? "a" : "b");
  }

  private static OperableTrigger urgent(String name, JobDetail job, int priority) {
    return plan(
        trigger(name, job)
            .withPriority(priority)
            .startAt(Date.from(PAST))
            .withSchedule(ignoringMisfires()));
  }

  /** Ours loads no class by a name that a row gives, and so none that stops all firing. */
  @Test
  void a_job_of_a_class_that_may_not_be_run_is_parked_before_the_class_is_loaded()
      throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);
    ContractRows.update(side, "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'java.lang.Object'");

    if (isOurs()) {
      assertThat(side.findsNothingDue()).isTrue();
      assertThat(state(trigger)).isEqualTo(TriggerState.ERROR);
    } else {
      assertThatThrownBy(() -> side.findsNothingDue())
          .hasMessageContaining("must implement the Job interface");
    }
  }

  /** Quartz's update leaves a row without its sub-row then, which stops its acquire altogether. */
  @Test
  void a_trigger_may_be_replaced_by_one_of_another_kind() throws Exception {
    OperableTrigger simple = hourly("t", job, PAST);
    OperableTrigger cron =
        planned(
            "t",
            job,
            PAST,
            CronScheduleBuilder.dailyAtHourAndMinute(4, 0)
                .withMisfireHandlingInstructionIgnoreMisfires());
    store(job, simple);

    store().storeTrigger(cron, true);

    if (isOurs()) {
      assertThat(store().retrieveTrigger(cron.getKey())).isInstanceOf(cron.getClass());
      assertThat(fireOne().getTrigger().getKey()).isEqualTo(cron.getKey());
    } else {
      assertThatThrownBy(() -> store().retrieveTrigger(cron.getKey()))
          .isInstanceOf(JobPersistenceException.class);
      assertThatThrownBy(() -> side.findsNothingDue())
          .hasRootCauseInstanceOf(org.quartz.impl.jdbcjobstore.NoRecordFoundException.class);
    }
  }

  /** One damaged row stops all of a stock cluster; ours parks the row. */
  @Test
  void a_damaged_trigger_does_not_keep_others_from_firing() throws Exception {
    JobDetail other = job("b");
    OperableTrigger damaged = once("damaged", job, PAST);
    store(job, damaged);
    store(other, once("sound", other, PAST.plusSeconds(1)));
    ContractRows.update(side, "DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", "damaged");

    if (isOurs()) {
      assertThat(names(side.acquire(5))).containsExactly("sound");
      assertThat(state(damaged)).isEqualTo(TriggerState.ERROR);
    } else {
      assertThatThrownBy(() -> side.findsNothingDue()).isInstanceOf(IllegalStateException.class);
    }
  }

  /** The rows that our own calls write are fewer: nobody plans such a trigger anew by its key. */
  @Test
  void a_one_shot_named_as_its_job_is_gone_while_it_runs_for_the_last_time() throws Exception {
    OperableTrigger trigger = once(job.getKey().getName(), job, PAST);
    store(job, trigger);

    TriggerFiredBundle run = fireOne();
    assertThat(state(trigger)).isEqualTo(isOurs() ? TriggerState.NONE : TriggerState.COMPLETE);
    assertThat(store().checkExists(job.getKey())).isTrue();
    end(run);

    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(store().checkExists(job.getKey())).isFalse();
  }

  /** The job class of ours asks the engine; what the sets fire carries keys and no data. */
  @Test
  void what_a_set_fires_carries_no_data() throws Exception {
    JobDetail withData = named("a", PlainJob.class).usingJobData("size", "7").build();
    store(withData, once("t", withData, PAST));

    assertThat(Map.copyOf(fireOne().getJobDetail().getJobDataMap()))
        .isEqualTo(isOurs() ? Map.of() : Map.of("size", "7"));
  }

  /** A lost run is another attempt of its execution, in its own queue, not a new one elsewhere. */
  @Test
  void a_lost_run_is_attempted_again_in_its_own_group() throws Exception {
    store(job, once("t", job, PAST));
    TriggerFiredBundle lost = fireOne();

    side.dieAndRecover();
    TriggerFiredBundle again = fireOne();

    if (isOurs()) {
      assertThat(again.getTrigger().getKey().getName()).startsWith("execution/").endsWith("/2");
      assertThat(again.getTrigger().getFireInstanceId().split("/")[0])
          .isEqualTo(lost.getTrigger().getFireInstanceId().split("/")[0]);
    } else {
      assertThat(again.getTrigger().getKey().getGroup()).isEqualTo("RECOVERING_JOBS");
      assertThat(again.getTrigger().getFireInstanceId())
          .isNotEqualTo(lost.getTrigger().getFireInstanceId());
    }
  }

  /** Ours does not take a job away while a run of it is under way. */
  @Test
  void a_job_whose_last_trigger_is_deleted_at_the_end_of_a_run_waits_for_its_other_runs()
      throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    TriggerFiredBundle first = fireOne();
    TriggerFiredBundle second = fireOne();

    end(first, org.quartz.Trigger.CompletedExecutionInstruction.DELETE_TRIGGER);
    assertThat(store().checkExists(job.getKey())).isEqualTo(isOurs());
    end(second);

    assertThat(store().checkExists(job.getKey())).isFalse();
  }
}
