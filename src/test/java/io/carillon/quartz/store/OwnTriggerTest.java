package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.JobId;
import io.carillon.quartz.store.PlannedJob.Plan;
import io.carillon.quartz.store.PlannedJob.Rhythm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.JobKey;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;

/** A trigger of our own type through Quartz's interface. */
final class OwnTriggerTest extends OurStoreCases {
  private static final JobId ID = JobId.of("own");
  private static final TriggerKey KEY = new TriggerKey("own", "lane");
  private final Instant planned = Instant.ofEpochMilli(LATER.toEpochMilli());

  @BeforeEach
  void plant() throws Exception {
    PlannedJob job =
        new PlannedJob(
            ID,
            "lane",
            5,
            "a job",
            "job=own\n".getBytes(StandardCharsets.UTF_8),
            new Plan(
                planned,
                planned.plusSeconds(7),
                null,
                null,
                false,
                new Rhythm.Own("cron 0 0 2 * * ?", "Europe/Berlin", "jitter PT10S")));
    side.engine()
        .inTransaction(
            session -> {
              session.store(List.of(job));
              return null;
            });
  }

  @Test
  void is_listed_and_says_when_it_fires_next() throws Exception {
    assertThat(store.getTriggerKeys(GroupMatcher.anyTriggerGroup())).contains(KEY);
    OperableTrigger trigger = store.retrieveTrigger(KEY);
    assertThat(trigger.getNextFireTime()).isEqualTo(Date.from(planned.plusSeconds(7)));
    assertThat(trigger.getFireTimeAfter(new Date(0))).isEqualTo(trigger.getNextFireTime());
    assertThat(((OwnTrigger) trigger).kind())
        .isEqualTo(
            new TriggerRow.Own(
                planned.toEpochMilli(), "cron 0 0 2 * * ?", "Europe/Berlin", "jitter PT10S"));
    assertThat(store.getTriggersForJob(new JobKey("own", "default"))).hasSize(1);
  }

  @Test
  void is_paused_and_resumed() throws Exception {
    store.pauseTrigger(KEY);
    assertThat(store.getTriggerState(KEY)).isEqualTo(TriggerState.PAUSED);
    store.resumeTrigger(KEY);
    assertThat(store.getTriggerState(KEY)).isEqualTo(TriggerState.NORMAL);
    assertThat(store.retrieveTrigger(KEY).getNextFireTime())
        .isEqualTo(Date.from(planned.plusSeconds(7)));
  }

  @Test
  void is_written_again_as_it_was() throws Exception {
    OperableTrigger trigger = store.retrieveTrigger(KEY);
    TriggerRow.Own before = ((OwnTrigger) trigger).kind();
    store.storeTrigger(trigger, true);
    assertThat(((OwnTrigger) store.retrieveTrigger(KEY)).kind()).isEqualTo(before);
  }

  @Test
  void leaves_nothing_behind() throws Exception {
    store.removeTrigger(KEY);
    assertThat(store.checkExists(KEY)).isFalse();
  }
}
