package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quartz.JobDetail;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.Trigger.TriggerState;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What a run's end may ask of the store. */
final class CompletingTest extends StoreContract {
  private final JobDetail job = job("a");
  private final OperableTrigger trigger = hourly("t", job, PAST);
  private final OperableTrigger other = once("u", job, Instant.now().plusSeconds(3600));

  private void runWith(CompletedExecutionInstruction instruction) throws Exception {
    store(job, trigger, other);
    TriggerFiredBundle run = fireOne();
    end(run, instruction);
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"NOOP", "RE_EXECUTE_JOB"})
  void nothing_is_asked(CompletedExecutionInstruction instruction) throws Exception {
    runWith(instruction);

    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
    assertThat(nextOf(trigger)).isEqualTo(PAST.plusSeconds(3600));
  }

  @Test
  void the_trigger_is_complete() throws Exception {
    runWith(CompletedExecutionInstruction.SET_TRIGGER_COMPLETE);

    assertThat(state(trigger)).isEqualTo(TriggerState.COMPLETE);
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.findsNothingDue()).isTrue();
  }

  @Test
  void the_trigger_is_deleted() throws Exception {
    runWith(CompletedExecutionInstruction.DELETE_TRIGGER);

    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
    assertThat(store().checkExists(job.getKey())).isTrue();
  }

  @Test
  void the_last_trigger_is_deleted_and_its_job_goes_with_it() throws Exception {
    store(job, trigger);

    end(fireOne(), CompletedExecutionInstruction.DELETE_TRIGGER);

    assertThat(state(trigger)).isEqualTo(TriggerState.NONE);
    assertThat(store().checkExists(job.getKey())).isFalse();
  }

  @Test
  void the_trigger_is_in_error() throws Exception {
    runWith(CompletedExecutionInstruction.SET_TRIGGER_ERROR);

    assertThat(state(trigger)).isEqualTo(TriggerState.ERROR);
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.findsNothingDue()).isTrue();
  }

  @Test
  void all_triggers_of_the_job_are_complete() throws Exception {
    runWith(CompletedExecutionInstruction.SET_ALL_JOB_TRIGGERS_COMPLETE);

    assertThat(state(trigger)).isEqualTo(TriggerState.COMPLETE);
    assertThat(state(other)).isEqualTo(TriggerState.COMPLETE);
  }

  @Test
  void all_triggers_of_the_job_are_in_error() throws Exception {
    runWith(CompletedExecutionInstruction.SET_ALL_JOB_TRIGGERS_ERROR);

    assertThat(state(trigger)).isEqualTo(TriggerState.ERROR);
    assertThat(state(other)).isEqualTo(TriggerState.ERROR);
  }

  @Test
  void a_one_shot_that_was_given_a_new_plan_during_its_run_is_kept() throws Exception {
    OperableTrigger shot = once("t", job, PAST);
    store(job, shot);
    TriggerFiredBundle run = fireOne();
    Instant tomorrow = Instant.parse("2035-01-01T00:00:00Z");

    store().replaceTrigger(shot.getKey(), once("t", job, tomorrow));
    end(run);

    assertThat(state(shot)).isEqualTo(TriggerState.NORMAL);
    assertThat(nextOf(shot)).isEqualTo(tomorrow);
  }
}
