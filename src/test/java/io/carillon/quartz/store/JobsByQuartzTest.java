package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.JobId;
import io.carillon.job.JobState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What Quartz's own interface does to jobs is done to our job rows as well. */
final class JobsByQuartzTest extends OurStoreCases {
  private static final JobId ID = JobId.of("a");

  private JobState row() {
    return side.participant.row(ID).state();
  }

  private OperableTrigger stored() throws Exception {
    OperableTrigger trigger = StoreContract.hourly("t", job, LATER);
    store.storeJobAndTrigger(job, trigger);
    return trigger;
  }

  @Test
  void a_deleted_job_is_cancelled_with_what_waits() throws Exception {
    stored();

    store.removeJob(job.getKey());

    assertThat(row()).isEqualTo(JobState.CANCELLED);
    assertThat(side.participant.row(ID).version()).isEqualTo(2);
    assertThat(side.participant.row(ID).finishedAt()).isNotNull();
    assertThat(side.participant.cancelled).containsExactly(ID);
  }

  @Test
  void a_job_that_is_not_there_is_not_cancelled() throws Exception {
    store.removeJob(job.getKey());

    assertThat(side.participant.cancelled).isEmpty();
    assertThat(row()).isEqualTo(JobState.ACTIVE);
  }

  @Test
  void a_job_is_cancelled_with_its_last_trigger() throws Exception {
    OperableTrigger first = stored();
    OperableTrigger second = StoreContract.once("u", job, LATER);
    store.storeTrigger(second, false);

    store.removeTrigger(first.getKey());
    assertThat(row()).isEqualTo(JobState.ACTIVE);
    store.removeTriggers(List.of(second.getKey()));
    assertThat(row()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void every_job_is_cancelled_when_everything_is_cleared() throws Exception {
    stored();
    JobDetail other = StoreContract.job("b");
    store.storeJobAndTrigger(other, StoreContract.once("b", other, LATER));

    store.clearAllSchedulingData();

    assertThat(side.participant.cancelled).containsExactlyInAnyOrder(ID, JobId.of("b"));
    assertThat(row()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void a_finished_job_is_not_cancelled_when_it_ends() throws Exception {
    store.storeJobAndTrigger(job, StoreContract.once("t", job, PAST));
    TriggerFiredBundle run = fireOne();

    end(run);

    assertThat(side.participant.finished).containsExactly(ID);
    assertThat(side.participant.cancelled).isEmpty();
  }

  @Test
  void a_paused_and_resumed_job_has_a_row_that_says_so() throws Exception {
    OperableTrigger trigger = stored();

    store.pauseJob(job.getKey());
    assertThat(row()).isEqualTo(JobState.PAUSED);
    assertThat(side.participant.row(ID).pause()).isNotNull();
    store.resumeJob(job.getKey());
    assertThat(row()).isEqualTo(JobState.ACTIVE);
    assertThat(side.participant.row(ID).pause()).isNull();

    store.pauseJobs(GroupMatcher.jobGroupEquals(StoreContract.GROUP));
    assertThat(row()).isEqualTo(JobState.PAUSED);
    store.resumeJobs(GroupMatcher.anyJobGroup());
    assertThat(row()).isEqualTo(JobState.ACTIVE);
    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.NORMAL);
  }

  @Test
  void a_paused_job_is_not_woken_with_its_triggers_group() throws Exception {
    OperableTrigger trigger = stored();
    store.pauseJob(job.getKey());

    store.resumeTriggers(GroupMatcher.anyTriggerGroup());
    store.resumeAll();
    store.resumeTrigger(trigger.getKey());

    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.PAUSED);
    assertThat(row()).isEqualTo(JobState.PAUSED);
  }

  @Test
  void a_trigger_stored_for_a_paused_job_waits() throws Exception {
    OperableTrigger trigger = stored();
    store.pauseJob(job.getKey());
    OperableTrigger more = StoreContract.once("more", job, PAST);

    store.storeTrigger(more, false);
    store.replaceTrigger(trigger.getKey(), StoreContract.once("t", job, PAST));

    assertThat(store.getTriggerState(more.getKey())).isEqualTo(TriggerState.PAUSED);
    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.PAUSED);
    assertThat(side.findsNothingDue()).isTrue();
  }

  @Test
  void a_run_of_a_job_deleted_meanwhile_is_not_retried() throws Exception {
    store.storeJobAndTrigger(job, StoreContract.once("t", job, PAST));
    TriggerFiredBundle run = fireOne();
    store.removeTrigger(run.getTrigger().getKey());

    side.next = new io.carillon.execution.NextStep.RetryAt(Instant.now(), "HTTP_503");
    end(run);

    assertThat(side.findsNothingDue()).isTrue();
    assertThat(side.participant.completed).hasSize(1);
    assertThat(store.getNumberOfTriggers()).isZero();
  }
}
