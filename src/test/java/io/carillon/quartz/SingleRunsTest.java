package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.execution.Runs.Cancelling;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single executions, cancelled and run again. */
class SingleRunsTest {
  private static final String DEFAULT = JobId.DEFAULT_NAMESPACE;

  @AutoClose private static EngineRig rig;
  private static Engine one;
  private static Engine other;

  private final JobId id = Samples.newId();

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    one = rig.start();
    other = rig.start();
  }

  @BeforeEach
  void reset() {
    rig.target.connecting(firing -> {});
  }

  private int arrivals() {
    return rig.target.arrivalsOf(id).size();
  }

  private void isCalled() {
    await().atMost(PATIENCE).until(() -> arrivals() == 1);
  }

  /** The node that makes the job's call. */
  private Engine calling() {
    String node = rig.one("SELECT node FROM execution WHERE job_id = ?", id.value());
    return one.lease().instanceName().equals(node) ? one : other;
  }

  private Engine notCalling() {
    return calling() == one ? other : one;
  }

  private ExecutionId first() {
    await().atMost(PATIENCE).until(() -> !rig.executionOf(id).isEmpty());
    return new ExecutionId(rig.one("SELECT id FROM execution WHERE job_id = ?", id.value()));
  }

  /** The target hangs until it is broken off. @return lets it go on all the same */
  private CountDownLatch hanging() {
    CountDownLatch cut = new CountDownLatch(1);
    rig.target.answers(
        firing -> {
          Gates.pass(cut);
          return rig.target.cancelled().contains(firing.id())
              ? Failed.of(Reasons.CANCELLED, "cut")
              : Failed.of("HTTP_503", "busy");
        });
    return cut;
  }

  private void create(RetryPolicy retry) {
    one.jobs().create(Samples.job(id, Samples.now(), retry));
  }

  @Test
  void what_waits_for_a_retry_is_cancelled_at_once_and_never_called_again() {
    rig.target.answers(firing -> new Failed("HTTP_503", "busy", 503, null, null));
    create(RetryPolicy.fixed(3, Duration.ofSeconds(1)));
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("RETRYING 1"));

    assertThat(one.runs().cancel(DEFAULT, first()))
        .isEqualTo(new Cancelling(ExecutionState.CANCELLED, true));
    assertThat(rig.executionOf(id)).isEqualTo("CANCELLED 1");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", id.value()))
        .isEqualTo("0");
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
    await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
    assertThat(arrivals()).isEqualTo(1);
    assertThatThrownBy(() -> one.runs().cancel(DEFAULT, first())).isInstanceOf(NotRunning.class);
  }

  @Test
  void the_call_is_broken_off_on_the_node_that_makes_it_within_a_second() {
    CountDownLatch cut = hanging();
    create(RetryPolicy.fixed(3, Duration.ofMillis(10)));
    isCalled();

    assertThat(notCalling().runs().cancel(DEFAULT, first()))
        .isEqualTo(new Cancelling(ExecutionState.RUNNING, true));
    await().atMost(Duration.ofSeconds(1)).until(() -> rig.target.cancelled().contains(first()));
    cut.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    assertThat(
            rig.one("SELECT cancel_requested_at > 0 FROM execution WHERE job_id = ?", id.value()))
        .isEqualTo("1");
    assertThat(arrivals()).isEqualTo(1);
  }

  @Test
  void a_job_cancelled_with_what_runs_reaches_the_call_on_another_node() {
    CountDownLatch cut = hanging();
    create(RetryPolicy.none());
    isCalled();

    assertThat(notCalling().jobs().cancel(id, OptionalLong.empty(), true).running())
        .containsExactly(first().value());
    await().atMost(Duration.ofSeconds(1)).until(() -> rig.target.cancelled().contains(first()));
    cut.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
  }

  @Test
  void what_fails_by_itself_while_it_is_being_cancelled_is_not_tried_again() {
    CountDownLatch cut = new CountDownLatch(1);
    rig.target.answers(
        firing -> {
          Gates.pass(cut);
          return new Failed("HTTP_503", "busy", 503, null, null);
        });
    create(RetryPolicy.fixed(3, Duration.ofMillis(10)));
    isCalled();
    one.runs().cancel(DEFAULT, first());
    cut.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
    assertThat(arrivals()).isEqualTo(1);
  }

  /** The call is on its node, and nothing is sent yet. @return lets it be sent */
  private CountDownLatch unsent() {
    CountDownLatch connected = new CountDownLatch(1);
    CountDownLatch connecting = new CountDownLatch(1);
    rig.target.connecting(
        firing -> {
          connecting.countDown();
          Gates.pass(connected);
        });
    create(RetryPolicy.none());
    Gates.pass(connecting);
    return connected;
  }

  @Test
  void a_call_that_is_cancelled_on_its_node_before_it_is_sent_is_not_sent() {
    CountDownLatch connected = unsent();
    calling().runs().cancel(DEFAULT, first());
    connected.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    assertThat(arrivals()).isZero();
  }

  @Test
  void a_call_whose_node_hears_of_the_cancelling_before_it_is_sent_is_not_sent() {
    CountDownLatch connected = unsent();
    notCalling().runs().cancel(DEFAULT, first());
    await().atMost(Duration.ofSeconds(1)).until(() -> rig.target.cancelled().contains(first()));
    connected.countDown();
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("CANCELLED 1"));
    assertThat(arrivals()).isZero();
  }

  @Test
  void what_is_over_is_run_again_under_its_id_with_all_its_attempts_before_it() {
    rig.target.answers(
        firing ->
            firing.attempt() < 4
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    create(RetryPolicy.fixed(2, Duration.ofMillis(10)));
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("FAILED 2"));

    assertThat(one.runs().retry(DEFAULT, first())).isEqualTo(3);
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("SUCCEEDED 4"));
    assertThat(
            rig.query(
                "SELECT CONCAT(n, ' ', COALESCE(reason, 'OK')) FROM attempt"
                    + " WHERE execution_id = ? ORDER BY n",
                row -> row.getString(1),
                first().value()))
        .isEqualTo(List.of("1 HTTP_503", "2 HTTP_503", "3 HTTP_503", "4 OK"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id.value())
                    .equals("0"));
    assertThatThrownBy(() -> one.runs().retry(DEFAULT, first())).isInstanceOf(NotRunning.class);
  }

  @Test
  void what_there_is_not_and_what_belongs_to_a_cancelled_job_is_refused() {
    rig.target.answers(firing -> new Failed("HTTP_404", "gone", 404, null, null));
    create(RetryPolicy.none());
    await().atMost(PATIENCE).until(() -> rig.executionOf(id).equals("FAILED 1"));
    ExecutionId none = ExecutionId.planned(Samples.newId(), 1, Instant.now());
    assertThatThrownBy(() -> one.runs().cancel(DEFAULT, none)).isInstanceOf(UnknownRun.class);
    assertThatThrownBy(() -> one.runs().retry("other", first())).isInstanceOf(UnknownRun.class);
    one.jobs().cancel(id, OptionalLong.empty(), false);
    assertThatThrownBy(() -> one.runs().retry(DEFAULT, first())).isInstanceOf(WrongState.class);
  }

  @Test
  void a_run_by_hand_that_waits_is_cancelled_before_it_was_ever_called() {
    one.jobs().create(SampleJob.noop(id, Samples.in(Duration.ofHours(1))).queue("shut").build());
    one.queues().pause(DEFAULT, "shut", null, null);
    ExecutionId run = new ExecutionId(one.jobs().run(id, "by hand", Map.of()));
    assertThat(one.runs().cancel(DEFAULT, run))
        .isEqualTo(new Cancelling(ExecutionState.CANCELLED, false));
    assertThat(rig.executionOf(id)).isEqualTo("CANCELLED 0");
    assertThat(rig.jobOf(id)).isEqualTo("ACTIVE");
  }

  @Test
  void what_is_run_again_waits_for_another_run_of_a_job_that_does_not_run_beside_itself() {
    rig.target.answers(firing -> new Failed("HTTP_404", "gone", 404, null, null));
    Job alone =
        SampleJob.noop(id, Samples.in(Duration.ofHours(1)))
            .retry(RetryPolicy.none())
            .overlap(Overlap.QUEUE_ALL)
            .build();
    one.jobs().create(alone);
    ExecutionId over = new ExecutionId(one.jobs().run(id, "first", Map.of()));
    await().atMost(PATIENCE).until(() -> state(over).equals("FAILED"));
    CountDownLatch cut = hanging();
    one.jobs().run(id, "second", Map.of());
    await().atMost(PATIENCE).until(() -> arrivals() == 2);

    one.runs().retry(DEFAULT, over);
    await().pollDelay(Duration.ofMillis(700)).until(() -> true);
    assertThat(state(over)).isEqualTo("QUEUED");
    cut.countDown();
    await().atMost(PATIENCE).until(() -> arrivals() == 3);
  }

  private String state(ExecutionId run) {
    return rig.one("SELECT state FROM execution WHERE id = ?", run.value());
  }

  @Test
  void what_runs_on_no_node_is_cancelled_at_once_and_not_called_again() {
    CountDownLatch cut = hanging();
    create(RetryPolicy.fixed(3, Duration.ofMillis(10)));
    isCalled();
    rig.update("DELETE FROM QRTZ_FIRED_TRIGGERS WHERE ENTRY_ID = ?", first().value());

    assertThat(one.runs().cancel(DEFAULT, first()))
        .isEqualTo(new Cancelling(ExecutionState.CANCELLED, true));
    assertThat(rig.executionOf(id)).isEqualTo("CANCELLED 1");
    assertThat(rig.jobOf(id)).isEqualTo("COMPLETED");
    cut.countDown();
    await().atMost(PATIENCE).until(() -> one.inFlight() + other.inFlight() == 0);
    assertThat(rig.executionOf(id)).isEqualTo("CANCELLED 1");
    assertThat(arrivals()).isEqualTo(1);
  }
}
