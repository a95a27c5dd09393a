package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether and when a failed attempt is followed by another, as tables. */
class RetryArithmeticTest {
  private static final Instant SCHEDULED = Instant.parse("2026-11-21T12:00:00Z");

  private static RetryPolicy policy(Backoff backoff, String max, double jitter) {
    return new RetryPolicy(
        10,
        backoff,
        Duration.ofSeconds(2),
        3,
        Duration.parse(max),
        jitter,
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(7)),
        RetryPolicy.DEFAULT_RETRY_ON,
        RetryPolicy.DEFAULT_STOP_ON,
        null);
  }

  private static RetryPolicy retrying(List<String> retryOn, List<String> stopOn) {
    RetryPolicy usual = RetryPolicy.fixed(3, Duration.ofSeconds(1));
    return new RetryPolicy(
        3, Backoff.FIXED, usual.initial(), 1, usual.max(), 0, List.of(), retryOn, stopOn, null);
  }

  private static Failed failed(int status, @Nullable Duration retryAfter) {
    return new Failed(Reasons.http(status), "answered " + status, status, null, retryAfter);
  }

  private static NextStep next(RetryPolicy policy, Failed failed, int counted, Instant now) {
    JobId id = JobId.of("j");
    Job job = SampleJob.noop(id, new Schedule.Now(Limits.NONE)).retry(policy).build();
    Firing firing =
        new Firing(
            ExecutionId.planned(id, 1, SCHEDULED),
            job,
            1,
            SCHEDULED,
            counted,
            counted,
            false,
            "node-1",
            SCHEDULED,
            Map.of());
    TargetCaller caller =
        new TargetCaller() {
          @Override
          public Optional<Outcome> call(Firing any, Admission admission) {
            return Optional.of(failed);
          }

          @Override
          public void cancel(ExecutionId any) {}

          @Override
          public void cancelAll() {}
        };
    return new Runner(caller, new Held(), () -> now, () -> 0.5).run(firing).orElseThrow().next();
  }

  /** A lease that never ends. */
  private static final class Held implements Lease {
    @Override
    public boolean holds(String instanceName) {
      return true;
    }

    @Override
    public String instanceName() {
      return "node-1";
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,        PT10M, 1, PT0S",
    "NONE,        PT10M, 9, PT0S",
    "FIXED,       PT10M, 1, PT2S",
    "FIXED,       PT10M, 9, PT2S",
    "LINEAR,      PT10M, 1, PT2S",
    "LINEAR,      PT10M, 4, PT8S",
    "LINEAR,      PT5S,  4, PT5S",
    "EXPONENTIAL, PT10M, 1, PT2S",
    "EXPONENTIAL, PT10M, 2, PT6S",
    "EXPONENTIAL, PT10M, 4, PT54S",
    "EXPONENTIAL, PT20S, 4, PT20S",
    "EXPONENTIAL, P30D, 99, P30D",
    "LIST,        PT10M, 1, PT1S",
    "LIST,        PT10M, 2, PT7S",
    "LIST,        PT10M, 9, PT7S"
  })
  void waits_grow_as_the_policy_says(Backoff backoff, String max, int failures, Duration wait) {
    assertThat(policy(backoff, max, 0).waitAfter(failures, 0.9)).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({"0, PT1S", "0.25, PT1.5S", "0.5, PT2S", "0.75, PT2.5S", "0.999999, PT3S"})
  void jitter_goes_both_ways_from_a_wait_of_our_own(double random, Duration wait) {
    assertThat(policy(Backoff.FIXED, "PT10M", 0.5).waitAfter(1, random)).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({
    // asked, longest of ours, jitter, random, wait
    "PT10S,  PT10M, 0,   0.9, PT10S",
    "PT1S,   PT10M, 0,   0.9, PT2S",
    "PT0S,   PT10M, 0,   0.9, PT2S",
    "PT10S,  PT10M, 0.5, 0,   PT10S",
    "PT10S,  PT10M, 0.5, 0.5, PT12.5S",
    "PT10S,  PT10M, 1,   0.9, PT19S",
    "PT2S,   PT10M, 0.5, 0,   PT2S",
    "PT24H,  PT10M, 0,   0,   PT1H",
    "PT24H,  PT3H,  0,   0,   PT3H",
    "PT59M,  PT10M, 0,   0,   PT59M"
  })
  void what_a_target_asks_for_is_the_least_within_bounds_and_its_jitter_goes_upwards(
      Duration asked, String max, double jitter, double random, Duration wait) {
    assertThat(
            RetryRule.waitAfter(policy(Backoff.FIXED, max, jitter), failed(503, asked), 1, random))
        .isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({"429", "503", "500", "408"})
  void every_answer_that_is_retried_may_ask_for_a_wait(int status) {
    assertThat(next(RetryPolicy.DEFAULT, failed(status, Duration.ofSeconds(40)), 1, SCHEDULED))
        .isEqualTo(new RetryAt(SCHEDULED.plusSeconds(44), Reasons.http(status)));
  }

  @Test
  void a_wait_that_ends_after_the_oldest_age_ends_the_execution_at_once() {
    RetryPolicy usual = RetryPolicy.DEFAULT;
    RetryPolicy aged =
        new RetryPolicy(
            5,
            Backoff.FIXED,
            Duration.ofSeconds(2),
            1,
            usual.max(),
            0,
            List.of(),
            usual.retryOn(),
            usual.stopOn(),
            Duration.ofMinutes(1));
    assertThat(next(aged, failed(503, Duration.ofSeconds(60)), 1, SCHEDULED))
        .isEqualTo(new RetryAt(SCHEDULED.plusSeconds(60), "HTTP_503"));
    assertThat(next(aged, failed(503, Duration.ofSeconds(61)), 1, SCHEDULED))
        .isEqualTo(new Finish(ExecutionState.FAILED, "HTTP_503"));
    assertThat(next(aged, failed(503, null), 1, SCHEDULED.plusSeconds(59)))
        .isEqualTo(new Finish(ExecutionState.FAILED, "HTTP_503"));
  }

  @Test
  void the_last_of_the_attempts_is_the_last_whatever_the_target_asks_for() {
    assertThat(next(RetryPolicy.DEFAULT, failed(503, Duration.ofSeconds(1)), 5, SCHEDULED))
        .isEqualTo(new Finish(ExecutionState.FAILED, "HTTP_503"));
  }

  @ParameterizedTest
  @CsvSource({
    "4xx,         410, 404, true",
    "4xx,         410, 410, false",
    "410,         '',  410, true",
    "410|4xx,     '',  410, true",
    "4xx,         '',  410, true",
    "5xx,         410, 404, false",
    "408|425|429, 410, 400, false",
    "5xx,         503, 503, false",
    "5xx,         503, 500, true",
    "4xx|5xx,     4xx, 429, false",
    "201,         410, 201, true"
  })
  void a_status_is_retried_if_it_is_named_and_not_stopped(
      String retryOn, String stopOn, int status, boolean retried) {
    RetryPolicy policy =
        retrying(List.of(retryOn.split("\\|")), stopOn.isEmpty() ? List.of() : List.of(stopOn));
    assertThat(RetryRule.isRetried(policy, failed(status, null))).isEqualTo(retried);
  }

  @Test
  void gone_stops_by_default_unless_it_is_retried_by_name() {
    assertThat(RetryPolicy.stopOnBeside(List.of("4xx"))).containsExactly("410");
    assertThat(RetryPolicy.stopOnBeside(List.of("4xx", "410"))).isEmpty();
    assertThat(RetryPolicy.DEFAULT.stopOn()).containsExactly("410");
  }

  @Test
  void a_body_that_does_not_fit_is_retried_where_that_is_asked_for() {
    Failed mismatch = new Failed(Reasons.BODY_MISMATCH, "no", 200, null, null);
    assertThat(RetryRule.isRetried(RetryPolicy.DEFAULT, mismatch)).isFalse();
    assertThat(RetryRule.isRetried(retrying(List.of("BODY_MISMATCH"), List.of()), mismatch))
        .isTrue();
  }
}
