package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.job.JobId;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.Trigger.TriggerState;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.impl.triggers.CronTriggerImpl;
import org.quartz.spi.OperableTrigger;

/** Rows that Quartz's own code cannot or must not read are parked, and cost the others nothing. */
final class UnreadableRowsTest extends OurStoreCases {

  @Test
  void a_row_that_cannot_be_read_is_parked_alone() throws Exception {
    JobDetail b = StoreContract.job("b");
    OperableTrigger damaged = monthly("damaged", job, PAST);
    OperableTrigger sound = monthly("sound", b, PAST);
    store.storeJobsAndTriggers(Map.of(job, Set.of(damaged), b, Set.of(sound)), false);
    ContractRows.update(
        side, "DELETE FROM QRTZ_SIMPROP_TRIGGERS WHERE TRIGGER_NAME = ?", "damaged");

    assertThat(StoreContract.names(side.acquire(10))).containsExactly("sound");
    assertThat(store.getTriggerState(damaged.getKey())).isEqualTo(TriggerState.ERROR);
    assertThat(side.metrics.parked.get()).isEqualTo(1);
    assertThat(side.participant.fired).hasSize(1);
  }

  @Test
  void a_trigger_whose_calendar_is_missing_is_parked() throws Exception {
    store.storeCalendar("days", new BaseCalendar(), false, false);
    OperableTrigger trigger = withCalendar("t", job);
    store(job, trigger);
    ContractRows.update(side, "DELETE FROM QRTZ_CALENDARS");

    assertThat(side.findsNothingDue()).isTrue();

    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.ERROR);
    assertThat(ContractRows.firedRows(side)).isZero();
  }

  @Test
  void a_job_without_a_row_of_ours_is_parked() throws Exception {
    side.participant.unknown.add(JobId.of("a"));
    OperableTrigger trigger = monthly("t", job, PAST);
    store(job, trigger);

    assertThat(side.findsNothingDue()).isTrue();

    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.ERROR);
  }

  /** Quartz stores a trigger of a class that it does not know as a Java object. */
  @Test
  void a_trigger_that_is_a_java_object_is_parked_unread() throws Exception {
    Foreign trigger = new Foreign();
    trigger.setName("t");
    trigger.setGroup(StoreContract.TRIGGERS);
    trigger.setJobKey(job.getKey());
    trigger.setCronExpression("0 0 0 * * ?");
    trigger.setStartTime(Date.from(PAST));
    trigger.computeFirstFireTime(null);
    store(job, trigger);
    assertThat(ContractRows.query(side, "SELECT TRIGGER_TYPE FROM QRTZ_TRIGGERS"))
        .containsExactly("BLOB");

    assertThat(side.findsNothingDue()).isTrue();

    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.ERROR);
    assertThat(store.removeJob(job.getKey())).isTrue();
  }

  /** A kind of trigger that Quartz has no columns for. */
  private static final class Foreign extends CronTriggerImpl {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean hasAdditionalProperties() {
      return true;
    }
  }

  /** Of what a row holds as a Java object, only Quartz's calendars are read. */
  @Test
  void a_calendar_that_is_no_calendar_of_quartz_is_not_read() throws Exception {
    store.storeCalendar("days", new Mine(), false, false);
    OperableTrigger trigger = withCalendar("t", job);
    store(job, trigger);

    assertThatThrownBy(() -> store.retrieveCalendar("days"))
        .isInstanceOf(JobPersistenceException.class)
        .hasMessageContaining("no part of a calendar");
    assertThat(side.findsNothingDue()).isTrue();
    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.ERROR);
    assertThat(Mine.read).isFalse();
  }

  /** Somebody's calendar, which notes when it is read. */
  private static final class Mine extends BaseCalendar {
    private static final long serialVersionUID = 1L;
    private static volatile boolean read;

    private void readObject(java.io.ObjectInputStream in) {
      read = true;
    }
  }
}
