package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.NextStep.Await;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Async;
import io.carillon.job.Delivery;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows an attempt. */
class RunnerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Map<String, String> LATER = Map.of("timeout", "P1W", "heartbeat", "PT5M");

  private final Caller caller = new Caller();
  private final Runner runner =
      new Runner(caller, new Held(), InstantSource.fixed(NOON), () -> 0.5);

  /** Answers as it is told, if it is let. */
  private static final class Caller implements TargetCaller {
    private Outcome answer = new Succeeded(200, null);
    private Runnable before = () -> {};
    private int calls;

    @Override
    public Optional<Outcome> call(Firing firing, Admission admission) {
      before.run();
      if (!admission.holds()) {
        return Optional.empty();
      }
      calls++;
      return Optional.of(answer);
    }

    @Override
    public void cancel(ExecutionId id) {}

    @Override
    public void cancelAll() {}
  }

  private static final class Held implements Lease {
    @Override
    public String instanceName() {
      return "n.1";
    }

    @Override
    public boolean holds(String instanceName) {
      return true;
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }
  }

  private static SampleJob job() {
    return SampleJob.noop(JobId.of("job"), new Schedule.Now(Limits.NONE));
  }

  private static Firing firing(Job job) {
    return new Firing(
        ExecutionId.planned(job.id(), 1, NOON), job, 1, NOON, 1, 1, false, "n.1", NOON, Map.of());
  }

  private NextStep after(Job job, Outcome outcome) {
    caller.answer = outcome;
    return runner.run(firing(job)).orElseThrow().next();
  }

  @Test
  void an_answer_of_202_means_later_where_the_job_says_so_be_it_a_success_or_not() {
    Job later = job().with("async", LATER).build();
    Await awaits = new Await(new Async(Duration.ofDays(7), Duration.ofMinutes(5)));
    assertThat(after(later, new Succeeded(202, null))).isEqualTo(awaits);
    assertThat(after(later, new Failed("HTTP_202", "no success", 202, null, null)))
        .isEqualTo(awaits);
    assertThat(after(later, new Succeeded(200, null))).isInstanceOf(Finish.class);
    assertThat(after(later, new Failed("TIMEOUT", "in the body", 202, null, null)))
        .isInstanceOf(RetryAt.class);
    assertThat(after(job().build(), new Succeeded(202, null))).isInstanceOf(Finish.class);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_503, 503, false",
    "TIMEOUT,, false",
    "NETWORK,, false",
    "TLS,, false",
    "TARGET_FAILED,, false",
    "CONNECT,, true",
    "DNS,, true",
    "SECRET_UNAVAILABLE,, true"
  })
  void at_most_once_only_what_was_surely_not_sent_is_tried_again(
      String reason, Integer status, boolean again) {
    Failed failed = new Failed(reason, "no", status, null, null);
    Job once = job().delivery(Delivery.AT_MOST_ONCE).build();
    assertThat(after(once, failed) instanceof RetryAt).isEqualTo(again);
    assertThat(after(job().build(), failed)).isInstanceOf(RetryAt.class);
  }

  @Test
  void a_missing_heartbeat_is_retried_as_a_timeout() {
    Failed silent = Failed.of(Reasons.HEARTBEAT_LOST, "silence");
    assertThat(after(job().build(), silent))
        .isEqualTo(new RetryAt(NOON.plusSeconds(2), "HEARTBEAT_LOST"));
  }

  @Test
  void what_is_broken_off_before_it_is_sent_is_cancelled_and_not_sent() {
    Firing firing = firing(job().build());
    caller.before = () -> runner.breakOff(firing.id());
    assertThat(runner.run(firing).orElseThrow().next())
        .isEqualTo(new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED));
    caller.before = () -> {};
    assertThat(runner.run(firing).orElseThrow().next())
        .as("nor before it was begun")
        .isEqualTo(new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED));
    assertThat(caller.calls).isZero();

    runner.forget(firing.id());
    assertThat(runner.run(firing).orElseThrow().outcome()).isInstanceOf(Succeeded.class);
    assertThat(caller.calls).isEqualTo(1);
  }
}
