package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.harness.Gates;
import io.carillon.job.JobExceptions.NothingToFill;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Backfilled;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An hourly job that is run after the fact for the day before yesterday. */
class BackfillTest extends EngineCase {
  private static final Instant FROM =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));

  private void hourly(Overlap overlap) {
    Schedule schedule =
        new Schedule.FixedRate(
            Duration.ofHours(1), Limits.between(FROM.minus(Duration.ofDays(9)), null));
    engine.jobs().create(SampleJob.noop(id, schedule).overlap(overlap).build());
  }

  private Backfilled fill(int hours, boolean preview) {
    return engine.jobs().backfill(id, FROM, FROM.plus(Duration.ofHours(hours - 1)), preview);
  }

  @Test
  void a_preview_counts_and_runs_nothing() {
    hourly(Overlap.ALLOW);
    assertThat(fill(5, true)).isEqualTo(new Backfilled(5, 0, List.of()));
    assertThat(rig.one("SELECT COUNT(*) FROM execution")).isEqualTo("0");
  }

  @Test
  void each_instant_runs_once_under_its_own_time_however_often_it_is_asked_for() {
    hourly(Overlap.ALLOW);
    assertThat(fill(3, false).executions()).hasSize(3);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 3);
    assertThat(arrivals())
        .containsExactlyInAnyOrder(
            FROM, FROM.plus(Duration.ofHours(1)), FROM.plus(Duration.ofHours(2)));

    assertThat(fill(4, false).executions()).hasSize(1);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 4);
    assertThat(fill(4, false)).isEqualTo(new Backfilled(4, 4, List.of()));
    assertThat(engine.jobs().backfill(id, FROM, FROM, true))
        .isEqualTo(new Backfilled(1, 1, List.of()));
  }

  @Test
  void where_runs_must_not_overlap_they_run_one_after_another() {
    CountDownLatch gate = new CountDownLatch(1);
    rig.target.before(() -> Gates.pass(gate));
    hourly(Overlap.SKIP);
    fill(4, false);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 1);
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'QUEUED'"))
        .isEqualTo("3");
    gate.countDown();
    await().atMost(PATIENCE).until(() -> arrivals().size() == 4);
    assertThat(arrivals()).isSorted();
  }

  @Test
  void what_cannot_be_filled_is_refused() {
    hourly(Overlap.ALLOW);
    assertThatThrownBy(
            () ->
                engine
                    .jobs()
                    .backfill(
                        id, FROM.minus(Duration.ofDays(9)), FROM.plus(Duration.ofDays(60)), true))
        .isInstanceOf(NothingToFill.class)
        .hasMessageContaining("1000");
    JobId once = Samples.newId();
    engine.jobs().create(SampleJob.noop(once, Samples.in(Duration.ofHours(1))).build());
    assertThatThrownBy(() -> engine.jobs().backfill(once, FROM, FROM, false))
        .isInstanceOf(NothingToFill.class);
  }
}
