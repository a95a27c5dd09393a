package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** Triggers and jobs that are taken away while something of theirs runs. */
final class DeletionRacesTest extends StoreContract {
  private final JobDetail job = job("a");

  @Test
  void a_trigger_deleted_while_it_runs_is_gone_and_the_run_ends_in_peace() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger, once("other", job, PAST.plusSeconds(10_000_000_000L)));
    TriggerFiredBundle run = fireOne();

    assertThat(store().removeTrigger(trigger.getKey())).isTrue();
    end(run);

    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(store().checkExists(job.getKey())).isTrue();
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_job_deleted_while_it_runs_is_gone_and_the_run_ends_in_peace() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    TriggerFiredBundle run = fireOne();

    assertThat(store().removeJob(job.getKey())).isTrue();
    assertThat(side.findsNothingDue()).isTrue();
    end(run);

    assertThat(store().checkExists(job.getKey())).isFalse();
    assertThat(store().checkExists(trigger.getKey())).isFalse();
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_job_stored_again_while_an_earlier_one_runs_is_left_alone_by_its_end() throws Exception {
    store(job, once("t", job, PAST));
    TriggerFiredBundle run = fireOne();
    store().removeJob(job.getKey());
    OperableTrigger again = hourly("again", job, PAST.plusSeconds(1));
    store(job, again);

    end(run);

    assertThat(store().checkExists(job.getKey())).isTrue();
    assertThat(state(again)).isEqualTo(TriggerState.NORMAL);
    assertThat(fireOne().getTrigger().getKey()).isEqualTo(again.getKey());
  }

  @Test
  void a_job_that_does_not_run_beside_itself_may_be_deleted_while_it_runs() throws Exception {
    JobDetail alone = named("b", PlainJob.Alone.class).build();
    OperableTrigger trigger = hourly("t", alone, PAST);
    store(alone, trigger);
    TriggerFiredBundle run = fireOne();

    store().removeJob(alone.getKey());
    end(run);

    assertThat(store().checkExists(alone.getKey())).isFalse();
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_trigger_deleted_before_it_is_due_never_fires() throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);

    store().removeTrigger(trigger.getKey());

    assertThat(side.findsNothingDue()).isTrue();
  }
}
