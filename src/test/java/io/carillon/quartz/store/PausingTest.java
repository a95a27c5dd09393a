package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;

/** Triggers, jobs and groups of them are held and let go. */
final class PausingTest extends StoreContract {
  private final JobDetail job = job("a");

  private static OperableTrigger in(String group, JobDetail job, Instant at) {
    return plan(
        TriggerBuilder.newTrigger()
            .withIdentity("t", group)
            .forJob(job)
            .startAt(Date.from(at))
            .withSchedule(ignoringMisfires()));
  }

  @Test
  void a_paused_trigger_does_not_fire_until_it_is_resumed() throws Exception {
    OperableTrigger held = once("held", job, PAST);
    OperableTrigger other = once("other", job, Instant.now().plusSeconds(3600));
    store(job, held, other);

    store().pauseTrigger(held.getKey());
    assertThat(state(held)).isEqualTo(TriggerState.PAUSED);
    assertThat(state(other)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.findsNothingDue()).isTrue();

    store().resumeTrigger(held.getKey());
    assertThat(state(held)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.plannedFor(fireOne())).isEqualTo(PAST);
  }

  @Test
  void a_paused_job_holds_all_its_triggers() throws Exception {
    OperableTrigger one = once("one", job, PAST);
    OperableTrigger two = once("two", job, PAST.plusSeconds(1));
    JobDetail other = job("b");
    OperableTrigger free = once("free", other, Instant.now().plusSeconds(3600));
    store(job, one, two);
    store(other, free);

    store().pauseJob(job.getKey());
    assertThat(state(one)).isEqualTo(TriggerState.PAUSED);
    assertThat(state(two)).isEqualTo(TriggerState.PAUSED);
    assertThat(state(free)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.findsNothingDue()).isTrue();

    store().resumeJob(job.getKey());
    assertThat(fireUntil(2)).hasSize(2);
  }

  @Test
  void the_jobs_of_a_group_are_paused_together() throws Exception {
    JobDetail mail = JobBuilder.newJob(PlainJob.class).withIdentity("a", "mail-out").build();
    JobDetail print = JobBuilder.newJob(PlainJob.class).withIdentity("a", "print").build();
    OperableTrigger held = in("one", mail, PAST);
    OperableTrigger free = in("two", print, Instant.now().plusSeconds(3600));
    store(mail, held);
    store(print, free);

    assertThat(store().pauseJobs(GroupMatcher.jobGroupStartsWith("mail")))
        .containsExactly("mail-out");
    assertThat(state(held)).isEqualTo(TriggerState.PAUSED);
    assertThat(state(free)).isEqualTo(TriggerState.NORMAL);

    assertThat(store().resumeJobs(GroupMatcher.jobGroupEquals("mail-out")))
        .containsExactly("mail-out");
    assertThat(state(held)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void the_triggers_of_a_group_are_paused_together_and_those_stored_later_as_well()
      throws Exception {
    OperableTrigger held = in("mail-out", job, PAST);
    OperableTrigger free = in("print", job, Instant.now().plusSeconds(3600));
    store(job, held, free);

    assertThat(store().pauseTriggers(GroupMatcher.triggerGroupEquals("mail-out")))
        .containsExactly("mail-out");
    assertThat(store().getPausedTriggerGroups()).containsExactly("mail-out");
    assertThat(state(held)).isEqualTo(TriggerState.PAUSED);
    assertThat(state(free)).isEqualTo(TriggerState.NORMAL);
    OperableTrigger later =
        plan(
            TriggerBuilder.newTrigger()
                .withIdentity("later", "mail-out")
                .forJob(job)
                .startAt(Date.from(PAST.plusSeconds(1)))
                .withSchedule(ignoringMisfires()));
    store().storeTrigger(later, false);
    assertThat(state(later)).isEqualTo(TriggerState.PAUSED);
    assertThat(side.findsNothingDue()).isTrue();

    assertThat(store().resumeTriggers(GroupMatcher.triggerGroupStartsWith("mail")))
        .containsExactly("mail-out");
    assertThat(store().getPausedTriggerGroups()).isEmpty();
    assertThat(fireUntil(2)).hasSize(2);
  }

  @Test
  void a_group_may_be_paused_before_it_has_a_trigger() throws Exception {
    store().pauseTriggers(GroupMatcher.triggerGroupEquals("tomorrow"));
    OperableTrigger first = in("tomorrow", job, PAST);
    store(job, first);

    assertThat(state(first)).isEqualTo(TriggerState.PAUSED);
  }

  @Test
  void everything_is_paused_and_resumed_at_once() throws Exception {
    OperableTrigger one = in("one", job, PAST);
    OperableTrigger two = in("two", job, PAST.plusSeconds(1));
    store(job, one, two);

    store().pauseAll();
    OperableTrigger later = in("three", job, PAST.plusSeconds(2));
    store().storeTrigger(later, false);
    assertThat(List.of(state(one), state(two), state(later))).containsOnly(TriggerState.PAUSED);
    assertThat(side.findsNothingDue()).isTrue();

    store().resumeAll();
    assertThat(store().getPausedTriggerGroups()).isEmpty();
    assertThat(fireUntil(3)).hasSize(3);
  }

  @Test
  void what_runs_runs_on_when_its_trigger_is_paused() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    var fired = fireOne();

    store().pauseTrigger(trigger.getKey());
    end(fired);

    assertThat(state(trigger)).isEqualTo(TriggerState.PAUSED);
    assertThat(ContractRows.firedRows(side)).isZero();
    assertThat(nextOf(trigger)).isEqualTo(PAST.plusSeconds(3600));
  }

  @Test
  void a_trigger_in_error_goes_on_when_it_is_reset() throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);
    ContractRows.update(side, "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'ERROR'");
    assertThat(state(trigger)).isEqualTo(TriggerState.ERROR);
    assertThat(side.findsNothingDue()).isTrue();

    store().resetTriggerFromErrorState(trigger.getKey());
    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.plannedFor(fireOne())).isEqualTo(PAST);
  }

  @Test
  void a_trigger_in_error_waits_when_it_is_reset_in_a_paused_group() throws Exception {
    OperableTrigger trigger = once("t", job, PAST);
    store(job, trigger);
    ContractRows.update(side, "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'ERROR'");
    store().pauseTriggers(GroupMatcher.triggerGroupEquals(TRIGGERS));

    store().resetTriggerFromErrorState(trigger.getKey());

    assertThat(state(trigger)).isEqualTo(TriggerState.PAUSED);
  }
}
