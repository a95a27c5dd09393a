package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Outcome;
import io.carillon.harness.Gates;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job of every second whose first run waits at a gate while the next instants come. */
class OverlapTest extends EngineCase {
  private final CountDownLatch gate = new CountDownLatch(1);

  @BeforeEach
  void hold() {
    rig.target.before(
        () -> {
          if (rig.target.arrivals().size() == 1) {
            Gates.pass(gate);
          }
        });
  }

  @AfterEach
  void letGo() {
    gate.countDown();
  }

  private void everySecond(Overlap overlap, int runs) {
    Limits limits = new Limits(null, null, runs, Duration.ZERO, List.of());
    engine
        .jobs()
        .create(
            SampleJob.noop(id, new Schedule.FixedRate(Duration.ofSeconds(1), limits))
                .overlap(overlap)
                .build());
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 1);
  }

  /** In the order of their instants, such as {@code SUCCEEDED null 1}. */
  private List<String> executions() {
    return rig.query(
        """
        SELECT CONCAT(state, ' ', COALESCE(reason, '-'), ' ', COALESCE(span_count, 1))
        FROM execution WHERE job_id = ? ORDER BY id
        """,
        row -> row.getString(1),
        id.value());
  }

  private List<String> triggers() {
    return rig.query(
        "SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE JOB_NAME = ? ORDER BY TRIGGER_STATE",
        row -> row.getString(1),
        id.value());
  }

  private boolean skipped(int count) {
    return executions().contains("SKIPPED OVERLAP " + count);
  }

  @Test
  void allowed_they_run_beside_one_another() {
    everySecond(Overlap.ALLOW, 3);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 3);
  }

  @Test
  void skipped_ones_are_one_row_that_grows() {
    everySecond(Overlap.SKIP, 2);
    await().atMost(PATIENCE).until(() -> skipped(3));
    assertThat(arrivals()).hasSize(1);
    assertThat(executions()).hasSize(2);

    gate.countDown();
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(arrivals()).hasSize(2);
    assertThat(executions()).hasSize(3).contains("SUCCEEDED - 1");
  }

  @Test
  void of_those_that_queue_one_waits_and_the_others_are_skipped() {
    everySecond(Overlap.QUEUE_ONE, 3);
    await().atMost(PATIENCE).until(() -> skipped(2));
    assertThat(arrivals()).hasSize(1);
    assertThat(triggers()).containsExactly("QUEUED", "WAITING");

    gate.countDown();
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(arrivals()).hasSize(3);
    assertThat(inOrder()).isTrue();
  }

  @Test
  void all_that_queue_run_one_after_another_in_their_order() {
    everySecond(Overlap.QUEUE_ALL, 5);
    await()
        .atMost(PATIENCE)
        .until(() -> triggers().equals(List.of("QUEUED", "QUEUED", "QUEUED", "QUEUED")));
    assertThat(arrivals()).hasSize(1);

    gate.countDown();
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(arrivals()).hasSize(5);
    assertThat(inOrder()).isTrue();
    assertThat(executions()).hasSize(5).containsOnly("SUCCEEDED - 1");
  }

  @Test
  void what_waits_goes_on_also_when_the_one_before_it_is_given_up() {
    rig.target.answers(
        firing ->
            rig.target.arrivals().size() == 1
                ? new Outcome.Failed("HTTP_410", "gone", 410, null, null)
                : new Outcome.Succeeded(200, null));
    everySecond(Overlap.QUEUE_ALL, 2);
    await().atMost(PATIENCE).until(() -> triggers().contains("QUEUED"));
    gate.countDown();
    await().atMost(PATIENCE).until(() -> arrivals().size() == 2);
  }

  @Test
  void a_retry_is_in_the_way_as_the_run_is() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Outcome.Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    RetryPolicy slow =
        new RetryPolicy(
            2,
            RetryPolicy.Backoff.FIXED,
            Duration.ofSeconds(3),
            1,
            Duration.ofSeconds(3),
            0,
            List.of(),
            List.of("5xx"),
            List.of(),
            null);
    Limits limits = new Limits(null, null, 1, Duration.ZERO, List.of());
    gate.countDown();
    engine
        .jobs()
        .create(
            SampleJob.noop(
                    id,
                    new Schedule.FixedRate(
                        Duration.ofSeconds(1),
                        new Limits(null, null, 2, limits.jitter(), List.of())))
                .retry(slow)
                .overlap(Overlap.SKIP)
                .build());
    await().atMost(PATIENCE).until(() -> skipped(2) || skipped(3));
    assertThat(arrivals()).hasSize(1);
    await().atMost(PATIENCE).until(() -> arrivals().size() >= 2);
    assertThat(rig.target.arrivalsOf(id).get(1).attempt()).isEqualTo(2);
  }

  @Test
  void the_next_one_takes_the_place_of_the_one_that_runs() {
    everySecond(Overlap.CANCEL_RUNNING, 2);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 2);
    await()
        .atMost(PATIENCE)
        .until(() -> rig.target.cancelled().contains(rig.target.arrivals().get(0).id()));
    await().atMost(PATIENCE).until(() -> executions().contains("SUCCEEDED - 1"));
    assertThat(executions()).containsExactly("CANCELLED OVERLAP 1", "SUCCEEDED - 1");

    gate.countDown();
    await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(executions()).containsExactly("CANCELLED OVERLAP 1", "SUCCEEDED - 1");
    assertThat(rig.one("SELECT COUNT(*) FROM cancellation")).isEqualTo("0");
  }

  @Test
  void a_cancelled_job_takes_along_what_waits() {
    everySecond(Overlap.QUEUE_ALL, 3);
    await().atMost(PATIENCE).until(() -> triggers().contains("QUEUED"));
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(triggers()).isEmpty();
    gate.countDown();
    await().atMost(PATIENCE).until(() -> executions().contains("SUCCEEDED - 1"));
    assertThat(executions().subList(1, executions().size()))
        .allMatch(e -> e.startsWith("CANCELLED"));
  }

  @Test
  void what_waits_of_a_paused_job_waits_for_the_resume() {
    everySecond(Overlap.QUEUE_ONE, 2);
    await().atMost(PATIENCE).until(() -> triggers().contains("QUEUED"));
    engine.jobs().pause(id, null, null);
    gate.countDown();
    await().atMost(PATIENCE).until(() -> !triggers().contains("QUEUED"));
    assertThat(triggers()).containsOnly("PAUSED");
    assertThat(arrivals()).hasSize(1);
    engine.jobs().resume(id);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 2);
  }

  private boolean inOrder() {
    List<String> ids = rig.target.arrivalsOf(id).stream().map(f -> f.id().value()).toList();
    return ids.equals(ids.stream().sorted().toList());
  }
}
