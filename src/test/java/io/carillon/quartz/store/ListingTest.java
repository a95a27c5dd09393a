package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;

/** What is stored is counted and found by name and group. */
final class ListingTest extends StoreContract {
  @BeforeEach
  void storeSome() throws Exception {
    for (String group : new String[] {"mail-in", "mail-out", "print"}) {
      JobDetail job = JobBuilder.newJob(PlainJob.class).withIdentity("job", group).build();
      store(job, in("every-" + group, job), in("once-" + group, job));
    }
  }

  private static OperableTrigger in(String group, JobDetail job) {
    TriggerBuilder<Trigger> builder = TriggerBuilder.newTrigger().withIdentity("t", group);
    return plan(builder.forJob(job).withSchedule(ignoringMisfires()));
  }

  private static JobKey job(String group, String name) {
    return new JobKey(name, group);
  }

  @Test
  void jobs_and_triggers_are_counted_and_their_groups_named() throws Exception {
    assertThat(store().getNumberOfJobs()).isEqualTo(3);
    assertThat(store().getNumberOfTriggers()).isEqualTo(6);
    assertThat(store().getNumberOfCalendars()).isZero();
    assertThat(store().getJobGroupNames())
        .containsExactlyInAnyOrder("mail-in", "mail-out", "print");
    assertThat(store().getTriggerGroupNames()).hasSize(6).contains("every-mail-in", "once-print");
  }

  @Test
  void groups_are_matched_as_a_whole_by_begin_end_part_or_not_at_all() throws Exception {
    assertThat(store().getJobKeys(GroupMatcher.jobGroupEquals("print")))
        .containsExactly(job("print", "job"));
    assertThat(store().getJobKeys(GroupMatcher.jobGroupStartsWith("mail")))
        .containsExactlyInAnyOrder(job("mail-in", "job"), job("mail-out", "job"));
    assertThat(store().getJobKeys(GroupMatcher.jobGroupEndsWith("out")))
        .containsExactly(job("mail-out", "job"));
    assertThat(store().getJobKeys(GroupMatcher.jobGroupContains("in"))).hasSize(2);
    assertThat(store().getJobKeys(GroupMatcher.anyJobGroup())).hasSize(3);
    assertThat(store().getJobKeys(GroupMatcher.jobGroupEquals("mail"))).isEmpty();
    assertThat(store().getTriggerKeys(GroupMatcher.triggerGroupStartsWith("every-mail")))
        .containsExactlyInAnyOrder(
            new TriggerKey("t", "every-mail-in"), new TriggerKey("t", "every-mail-out"));
    assertThat(store().getJobDetails(GroupMatcher.jobGroupEndsWith("out")))
        .extracting(JobDetail::getKey)
        .containsExactly(job("mail-out", "job"));
  }

  @Test
  void triggers_are_found_by_their_job_and_group() throws Exception {
    assertThat(store().getTriggersForJob(job("print", "job")))
        .extracting(OperableTrigger::getKey)
        .containsExactlyInAnyOrder(
            new TriggerKey("t", "every-print"), new TriggerKey("t", "once-print"));
    assertThat(
            store()
                .getTriggersByJobAndTriggerGroup(
                    GroupMatcher.jobGroupStartsWith("mail"),
                    GroupMatcher.triggerGroupStartsWith("once")))
        .hasSize(2);
  }

  @Test
  void names_are_looked_up_byte_by_byte() throws Exception {
    assertThat(store().checkExists(job("print", "job"))).isTrue();
    assertThat(store().checkExists(job("print", "JOB"))).isFalse();
    assertThat(store().checkExists(new TriggerKey("t", "once-print"))).isTrue();
    assertThat(store().checkExists(new TriggerKey("t", "once-Print"))).isFalse();
  }
}
