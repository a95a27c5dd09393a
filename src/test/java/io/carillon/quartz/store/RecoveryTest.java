package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What a dead node was running is run again. */
final class RecoveryTest extends StoreContract {
  @Test
  void a_one_shot_that_was_running_runs_again_and_is_gone_afterwards() throws Exception {
    JobDetail job = job("a");
    store(job, once("t", job, PAST));
    fireOne();

    side.dieAndRecover();
    TriggerFiredBundle again = fireOne();

    assertThat(again.getJobDetail().getKey()).isEqualTo(job.getKey());
    assertThat(again.isRecovering()).isTrue();
    assertThat(side.plannedFor(again)).isEqualTo(PAST);
    end(again);
    assertThat(store().checkExists(job.getKey())).isFalse();
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_recurring_job_runs_again_for_the_lost_instant_and_goes_on() throws Exception {
    JobDetail job = job("a");
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    fireOne();

    side.dieAndRecover();

    assertThat(fireUntil(2))
        .extracting(side::plannedFor)
        .containsExactlyInAnyOrder(PAST, PAST.plusSeconds(3600));
    assertThat(nextOf(trigger)).isEqualTo(PAST.plusSeconds(7200));
  }

  @Test
  void the_triggers_that_waited_for_a_lost_run_go_on() throws Exception {
    JobDetail job = named("a", PlainJob.Alone.class).build();
    OperableTrigger second = once("second", job, PAST.plusSeconds(1));
    store(job, once("first", job, PAST), second);
    fireOne();
    assertThat(state(second)).isEqualTo(TriggerState.BLOCKED);

    side.dieAndRecover();

    end(fireOne());
    end(fireOne());
    assertThat(store().checkExists(job.getKey())).isFalse();
  }

  @Test
  void a_job_deleted_meanwhile_is_not_run_again() throws Exception {
    JobDetail job = job("a");
    store(job, once("t", job, PAST));
    fireOne();
    store().removeJob(job.getKey());

    side.dieAndRecover();

    assertThat(side.findsNothingDue()).isTrue();
    assertThat(ContractRows.firedRows(side)).isZero();
  }
}
