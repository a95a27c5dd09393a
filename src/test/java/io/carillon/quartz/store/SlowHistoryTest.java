package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep;
import io.carillon.execution.StoreParticipant;
import io.carillon.history.HistoryWriter;
import io.carillon.history.JobCodec;
import io.carillon.job.Calendars;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quartz.CalendarIntervalScheduleBuilder;
import org.quartz.JobDetail;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/** What Quartz's own code does to jobs, and our real rows of it. */
final class SlowHistoryTest extends OurStoreCases {
  private static final Instant A_MINUTE_AGO = Instant.now().minusSeconds(60);

  SlowHistoryTest() {
    super(new HistoryWriter(new Definitions(), Calendars.NONE));
  }

  /** Every definition is the same but for its id. */
  private static final class Definitions implements JobCodec {
    @Override
    public String store(Job job) {
      return "{}";
    }

    @Override
    public Job parse(JobId id, String spec) {
      return Job.of(id, new Target.Noop(), new Schedule.Now(Limits.NONE));
    }
  }

  private JobDetail create(String name, OperableTrigger... triggers) throws Exception {
    Job job = new Definitions().parse(JobId.of(name), "");
    side.engine()
        .inTransaction(
            session ->
                session.ours(
                    (ours, c) -> {
                      ours.insertJobs(
                          c, List.of(new StoreParticipant.NewJob(job, "{}", Instant.now())));
                      return null;
                    }));
    JobDetail detail = StoreContract.job(name);
    store(detail, triggers);
    return detail;
  }

  private static OperableTrigger yearly(String job, Instant from) {
    return StoreContract.planned(
        job,
        StoreContract.job(job),
        from,
        CalendarIntervalScheduleBuilder.calendarIntervalSchedule().withIntervalInYears(1));
  }

  private String one(String sql, String value) {
    return String.join(",", ContractRows.query(side, sql, value));
  }

  private String stateOf(String job) {
    return one("SELECT CONCAT(state, ' ', version) FROM job WHERE id = ?", job);
  }

  private String executionsOf(String job) {
    return one("SELECT state FROM execution WHERE job_id = ? ORDER BY id", job);
  }

  @Test
  void a_slow_firing_has_its_execution_row_and_is_counted_as_a_run() throws Exception {
    create("slow", yearly("slow", A_MINUTE_AGO));

    TriggerFiredBundle run = fireOne();

    Instant scheduled = Instant.ofEpochMilli(A_MINUTE_AGO.toEpochMilli());
    String id = ExecutionId.planned(JobId.of("slow"), 1, scheduled).value();
    assertThat(one("SELECT id FROM execution WHERE job_id = ?", "slow")).isEqualTo(id);
    assertThat(executionsOf("slow")).isEqualTo("RUNNING");
    assertThat(one("SELECT runs FROM job WHERE id = ?", "slow")).isEqualTo("1");
    end(run);
    assertThat(executionsOf("slow")).isEqualTo("SUCCEEDED");
  }

  /** A row that is parked leaves nothing behind of what was written before it failed. */
  @Test
  void a_slow_row_that_fails_half_way_has_no_execution() throws Exception {
    store.storeCalendar("days", new BaseCalendar(), false, false);
    JobDetail detail = StoreContract.job("broken");
    OperableTrigger trigger =
        StoreContract.plan(
            StoreContract.trigger("broken", detail)
                .startAt(java.util.Date.from(A_MINUTE_AGO))
                .modifiedByCalendar("days")
                .withSchedule(StoreContract.ignoringMisfires().withIntervalInHours(1)),
            new BaseCalendar());
    create("broken", trigger);
    ContractRows.update(side, "DELETE FROM QRTZ_CALENDARS");

    assertThat(side.findsNothingDue()).isTrue();

    assertThat(ContractRows.state(side, "broken")).isEqualTo("ERROR");
    assertThat(executionsOf("broken")).isEmpty();
    assertThat(one("SELECT runs FROM job WHERE id = ?", "broken")).isEqualTo("0");
  }

  @Test
  void a_job_deleted_through_quartz_is_cancelled() throws Exception {
    JobDetail detail = create("gone", yearly("gone", LATER));

    store.removeJob(detail.getKey());

    assertThat(stateOf("gone")).isEqualTo("CANCELLED 2");
    assertThat(one("SELECT finished_at IS NOT NULL FROM job WHERE id = ?", "gone")).isEqualTo("1");
  }

  @Test
  void a_retry_whose_job_is_deleted_through_quartz_is_cancelled_with_it() throws Exception {
    JobDetail detail =
        create("retried", StoreContract.once("t", StoreContract.job("retried"), A_MINUTE_AGO));
    TriggerFiredBundle run = fireOne();
    side.next = new NextStep.RetryAt(LATER, "HTTP_503");
    end(run);
    assertThat(executionsOf("retried")).isEqualTo("RETRYING");

    store.removeJob(detail.getKey());

    assertThat(executionsOf("retried")).isEqualTo("CANCELLED");
    assertThat(stateOf("retried")).isEqualTo("CANCELLED 2");
  }

  @Test
  void a_job_paused_and_resumed_through_quartz_says_so() throws Exception {
    JobDetail detail = create("held", yearly("held", LATER));

    store.pauseJob(detail.getKey());
    assertThat(stateOf("held")).isEqualTo("PAUSED 2");
    assertThat(one("SELECT pause_reason FROM job WHERE id = ?", "held"))
        .isEqualTo("paused through Quartz");
    store.resumeJob(detail.getKey());
    assertThat(stateOf("held")).isEqualTo("ACTIVE 3");
  }

  @Test
  void a_job_that_ended_by_itself_is_completed() throws Exception {
    create("done", StoreContract.once("t", StoreContract.job("done"), A_MINUTE_AGO));

    TriggerFiredBundle run = fireOne();
    end(run);

    assertThat(stateOf("done")).startsWith("COMPLETED");
  }
}
