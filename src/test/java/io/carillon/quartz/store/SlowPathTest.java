package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep;
import io.carillon.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quartz.CalendarIntervalScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.Trigger.TriggerState;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What Quartz's own code fires has our ids, our rows and our fence, and is counted. */
final class SlowPathTest extends OurStoreCases {
  private final JobDetail alone = StoreContract.named("alone", PlainJob.Alone.class).build();

  private static OperableTrigger yearly(String name, JobDetail job, Instant from) {
    return StoreContract.planned(
        name,
        job,
        from,
        CalendarIntervalScheduleBuilder.calendarIntervalSchedule().withIntervalInYears(50));
  }

  private List<String> entries() {
    return ContractRows.query(
        side, "SELECT CONCAT(ENTRY_ID, ' ', INSTANCE_NAME, ' ', STATE) FROM QRTZ_FIRED_TRIGGERS");
  }

  @Test
  void a_slow_firing_is_an_execution_like_any_other_and_is_counted() throws Exception {
    store(job, monthly("t", job, PAST));
    int before = side.metrics.slow.get();

    TriggerFiredBundle run = fireOne();

    ExecutionId id = ExecutionId.planned(JobId.of("a"), 1, PAST);
    String node = side.engine().lease().instanceName();
    assertThat(entries()).containsExactly(id + " " + node + " EXECUTING");
    assertThat(run.getTrigger().getFireInstanceId()).isEqualTo(id + "/1");
    assertThat(side.participant.fired).extracting(firing -> firing.id()).containsExactly(id);
    assertThat(side.metrics.slow.get()).isEqualTo(before + 1);
    end(run);
    assertThat(side.participant.completed)
        .extracting(completion -> completion.firing().id())
        .containsExactly(id);
    assertThat(entries()).isEmpty();
  }

  @Test
  void what_goes_through_the_sets_is_not_counted_as_slow() throws Exception {
    store(job, StoreContract.hourly("t", job, PAST));
    int before = side.metrics.slow.get();

    fireOne();

    assertThat(side.metrics.slow.get()).isEqualTo(before);
  }

  @Test
  void an_instant_that_was_fired_before_is_passed_over() throws Exception {
    store(job, monthly("t", job, PAST));
    end(fireOne());
    store.storeTrigger(monthly("t", job, PAST), true);

    assertThat(side.plannedFor(fireOne())).isAfter(PAST);
    assertThat(side.metrics.duplicates.get()).isEqualTo(1);
  }

  @Test
  void a_job_alone_is_not_blocked_by_an_instant_that_is_passed_over() throws Exception {
    store(alone, StoreContract.hourly("t", alone, PAST));
    end(fireOne());
    store.storeTrigger(StoreContract.hourly("t", alone, PAST), true);

    assertThat(side.plannedFor(fireOne())).isEqualTo(PAST.plusSeconds(3600));
  }

  @Test
  void a_job_that_has_had_its_last_run_does_not_fire_again() throws Exception {
    side.participant.exhausted.add(JobId.of("a"));
    OperableTrigger trigger = monthly("t", job, PAST);
    store(job, trigger);

    TriggerFiredBundle run = fireOne();
    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.COMPLETE);
    end(run);

    assertThat(store.checkExists(job.getKey())).isFalse();
    assertThat(side.participant.finished).containsExactly(JobId.of("a"));
  }

  @Test
  void a_retry_of_a_job_alone_waits_until_nothing_else_of_it_runs() throws Exception {
    OperableTrigger second = StoreContract.once("second", alone, PAST.plusSeconds(1));
    store(alone, StoreContract.once("first", alone, PAST), second);
    TriggerFiredBundle first = fireOne();
    side.next = new NextStep.RetryAt(Instant.now().minusMillis(1), "HTTP_503");
    end(first);
    side.next = new NextStep.Finish(io.carillon.execution.ExecutionState.SUCCEEDED, null);

    TriggerFiredBundle one = fireOne();
    assertThat(side.findsNothingDue()).isTrue();
    end(one);
    TriggerFiredBundle other = fireOne();
    end(other);

    assertThat(List.of(one.getTrigger().getKey(), other.getTrigger().getKey()))
        .contains(second.getKey());
    assertThat(side.participant.fired)
        .filteredOn(firing -> firing.attempt() == 2)
        .extracting(firing -> firing.scheduledAt())
        .containsExactly(PAST);
  }

  @Test
  void many_are_fired_a_few_at_a_time() throws Exception {
    for (int number = 0; number < 45; number++) {
      JobDetail one = StoreContract.job("job-" + number);
      store(one, yearly("t" + number, one, PAST.plusSeconds(number)));
    }

    assertThat(side.acquire(100)).hasSize(20);
    assertThat(side.acquire(100)).hasSize(20);
    assertThat(side.acquire(100)).hasSize(5);
  }

  @Test
  void slow_and_quick_ones_come_in_due_order() throws Exception {
    JobDetail b = StoreContract.job("b");
    JobDetail c = StoreContract.job("c");
    store.storeJobsAndTriggers(
        Map.of(
            job, Set.of(monthly("first", job, PAST)),
            b, Set.of(StoreContract.once("second", b, PAST.plusSeconds(1))),
            c, Set.of(monthly("third", c, PAST.plusSeconds(2)))),
        false);

    assertThat(StoreContract.names(side.acquire(10))).containsExactly("first", "second", "third");
  }

  @Test
  void a_job_with_triggers_of_every_kind_is_cancelled_through_the_session() throws Exception {
    store.storeCalendar("days", new BaseCalendar(), false, false);
    store(
        job,
        monthly("monthly", job, PAST.plusSeconds(10_000_000_000L)),
        withCalendar("calendar", job),
        StoreContract.once("once", job, PAST));

    side.engine().inTransaction(session -> session.removeJob(JobId.of("a")));

    assertThat(store.getNumberOfTriggers()).isZero();
    assertThat(store.checkExists(job.getKey())).isFalse();
  }

  @Test
  void a_job_alone_is_paused_and_resumed_through_the_session_while_it_runs() throws Exception {
    OperableTrigger trigger = StoreContract.hourly("t", alone, Instant.now().minusSeconds(60));
    store(alone, trigger);
    TriggerFiredBundle run = fireOne();
    JobId id = JobId.of("alone");

    side.engine()
        .inTransaction(
            session -> {
              session.pause(id, Instant.now());
              return null;
            });
    assertThat(ContractRows.state(side, "t")).isEqualTo("PAUSED_BLOCKED");
    side.engine()
        .inTransaction(
            session -> {
              session.resume(id, false, Instant.now());
              return null;
            });
    assertThat(ContractRows.state(side, "t")).isEqualTo("BLOCKED");
    end(run);
    assertThat(ContractRows.state(side, "t")).isEqualTo("WAITING");
  }

  @Test
  void an_answer_that_comes_after_the_job_was_handed_on_asks_for_nothing() throws Exception {
    OperableTrigger trigger = monthly("t", job, PAST);
    store(job, trigger);
    TriggerFiredBundle run = fireOne();
    side.dieAndRecover();

    side.complete(run, org.quartz.Trigger.CompletedExecutionInstruction.SET_TRIGGER_ERROR);

    assertThat(store.getTriggerState(trigger.getKey())).isEqualTo(TriggerState.NORMAL);
    assertThat(side.participant.stale).hasSize(1);
  }
}
