package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** Jobs that do not run beside themselves, and jobs that keep their data. */
final class AloneTest extends StoreContract {
  private final JobDetail job = named("a", PlainJob.Alone.class).build();

  @Test
  void a_second_trigger_is_blocked_until_the_first_run_has_ended() throws Exception {
    OperableTrigger first = once("first", job, PAST);
    OperableTrigger second = once("second", job, PAST.plusSeconds(1));
    store(job, first, second);

    TriggerFiredBundle run = fireOne();
    assertThat(run.getTrigger().getKey()).isEqualTo(first.getKey());
    assertThat(state(second)).isEqualTo(TriggerState.BLOCKED);
    assertThat(side.findsNothingDue()).isTrue();

    end(run);
    assertThat(state(second)).isEqualTo(TriggerState.NORMAL);
    assertThat(fireOne().getTrigger().getKey()).isEqualTo(second.getKey());
  }

  @Test
  void a_recurring_trigger_is_blocked_by_its_own_run() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);

    TriggerFiredBundle run = fireOne();
    assertThat(state(trigger)).isEqualTo(TriggerState.BLOCKED);
    end(run);

    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);
    assertThat(side.plannedFor(fireOne())).isEqualTo(PAST.plusSeconds(3600));
  }

  @Test
  void of_several_due_triggers_of_one_job_one_is_fired() throws Exception {
    store(
        job,
        once("one", job, PAST),
        once("two", job, PAST.plusMillis(1)),
        once("three", job, PAST.plusMillis(2)));
    JobDetail other = job("b");
    store(other, once("free", other, PAST.plusSeconds(1)));

    List<TriggerFiredBundle> fired = fireUntil(2);

    assertThat(fired)
        .extracting(run -> run.getJobDetail().getKey().getName())
        .containsExactlyInAnyOrder("a", "b");
    assertThat(side.findsNothingDue()).isTrue();
  }

  @Test
  void a_trigger_stored_during_a_run_is_blocked_as_well() throws Exception {
    store(job, once("first", job, PAST));
    TriggerFiredBundle run = fireOne();
    OperableTrigger later = once("later", job, PAST);

    store().storeTrigger(later, false);
    assertThat(state(later)).isEqualTo(TriggerState.BLOCKED);
    end(run);

    assertThat(state(later)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void a_blocked_trigger_that_is_paused_stays_paused_after_the_run() throws Exception {
    OperableTrigger second = once("second", job, PAST.plusSeconds(1));
    store(job, once("first", job, PAST), second);
    TriggerFiredBundle run = fireOne();

    store().pauseTrigger(second.getKey());
    assertThat(state(second)).isEqualTo(TriggerState.PAUSED);
    end(run);
    assertThat(state(second)).isEqualTo(TriggerState.PAUSED);

    store().resumeTrigger(second.getKey());
    assertThat(fireOne().getTrigger().getKey()).isEqualTo(second.getKey());
  }

  @Test
  void a_blocked_trigger_that_is_paused_and_resumed_is_blocked_again() throws Exception {
    OperableTrigger second = once("second", job, PAST.plusSeconds(1));
    store(job, once("first", job, PAST), second);
    TriggerFiredBundle run = fireOne();

    store().pauseTriggers(GroupMatcher.triggerGroupEquals(TRIGGERS));
    store().resumeTriggers(GroupMatcher.triggerGroupEquals(TRIGGERS));
    assertThat(state(second)).isEqualTo(TriggerState.BLOCKED);
    end(run);

    assertThat(state(second)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void a_job_paused_during_its_run_is_held_afterwards() throws Exception {
    OperableTrigger trigger = hourly("t", job, PAST);
    store(job, trigger);
    TriggerFiredBundle run = fireOne();

    store().pauseJob(job.getKey());
    end(run);
    assertThat(state(trigger)).isEqualTo(TriggerState.PAUSED);

    store().resumeJob(job.getKey());
    assertThat(state(trigger)).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void data_that_a_run_leaves_is_there_for_the_next() throws Exception {
    JobDetail keeping =
        named("k", PlainJob.Keeping.class).usingJobData("runs", "0").storeDurably().build();
    store(keeping, hourly("t", keeping, PAST));

    TriggerFiredBundle run = fireOne();
    assertThat(run.getJobDetail().getJobDataMap().getString("runs")).isEqualTo("0");
    run.getJobDetail().getJobDataMap().put("runs", "1");
    end(run);

    assertThat(store().retrieveJob(keeping.getKey()).getJobDataMap().getString("runs"))
        .isEqualTo("1");
    assertThat(fireOne().getJobDetail().getJobDataMap().getString("runs")).isEqualTo("1");
  }

  @Test
  void data_that_a_run_has_not_touched_is_not_written() throws Exception {
    JobDetail keeping =
        named("k", PlainJob.Keeping.class).usingJobData("runs", "0").storeDurably().build();
    store(keeping, hourly("t", keeping, PAST));
    TriggerFiredBundle run = fireOne();
    store().storeJob(keeping.getJobBuilder().usingJobData("runs", "by hand").build(), true);

    end(run);

    assertThat(store().retrieveJob(keeping.getKey()).getJobDataMap().getString("runs"))
        .isEqualTo("by hand");
  }

  @Test
  void a_future_trigger_of_a_running_job_is_blocked_and_let_go() throws Exception {
    OperableTrigger future = once("future", job, Instant.now().plusSeconds(3600));
    store(job, once("first", job, PAST), future);

    TriggerFiredBundle run = fireOne();
    assertThat(state(future)).isEqualTo(TriggerState.BLOCKED);
    end(run);

    assertThat(state(future)).isEqualTo(TriggerState.NORMAL);
  }
}
