package io.carillon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Ledger ledger = new Ledger();

  @Test
  void finds_the_arrivals_of_a_job_and_of_an_execution() {
    arrives("job-a", "run-1", 1, 0);
    arrives("job-a", "run-2", 1, 0);
    arrives("job-b", "run-3", 1, 0);

    assertThat(ledger.ofJob("job-a")).hasSize(2);
    assertThat(ledger.ofExecution("run-3")).hasSize(1);
    assertThat(ledger.jobs()).containsExactlyInAnyOrder("job-a", "job-b");
  }

  @Test
  void another_attempt_repeats_the_execution_but_no_try() {
    arrives("job-a", "run-1", 1, 0);
    arrives("job-a", "run-1", 2, 0);

    assertThat(ledger.repeatedExecutions()).isEqualTo(Map.of("run-1", 2L));
    assertThat(ledger.repeatedTries()).isEmpty();
  }

  @Test
  void the_same_attempt_twice_is_a_repeated_try() {
    arrives("job-a", "run-1", 1, 0);
    arrives("job-a", "run-1", 1, 5);

    assertThat(ledger.repeatedTries()).isEqualTo(Map.of(new Ledger.Try("run-1", 1), 2L));
  }

  @Test
  void a_repeat_is_excused_by_a_fault_that_met_the_call_before_it() {
    arrives("job-a", "run-1", 1, 1_000);
    arrives("job-a", "run-1", 2, 9_000);
    arrives("job-a", "run-2", 1, 20_000);
    arrives("job-a", "run-2", 2, 29_000);
    Disturbance kill = Disturbance.at(NOON.plusMillis(1_200));

    assertThat(ledger.repeatedOutside(List.of(kill), Duration.ofMillis(300)))
        .containsExactly("run-2");
    assertThat(ledger.repeatedOutside(List.of(), Duration.ofMillis(300)))
        .containsExactlyInAnyOrder("run-1", "run-2");
  }

  @Test
  void one_occurrence_under_two_ids_is_split() {
    arrives("job-a", "run-1", 1, 0);
    arrives("job-a", "run-2", 1, 0);
    arrives("job-b", "run-3", 1, 0);

    assertThat(ledger.splitOccurrences())
        .isEqualTo(Map.of(new Ledger.Occurrence("job-a", NOON), Set.of("run-1", "run-2")));
  }

  @Test
  void lateness_counts_the_first_arrival_of_each_execution() {
    for (int n = 1; n <= 100; n++) {
      arrives("job-a", "run-" + n, 1, n);
    }
    arrives("job-a", "run-1", 2, 9_000);

    assertThat(ledger.lateness())
        .isEqualTo(
            new Lateness(
                100, Duration.ofMillis(50), Duration.ofMillis(99), Duration.ofMillis(100)));
  }

  @Test
  void lateness_of_nothing_is_zero() {
    assertThat(ledger.lateness().max()).isZero();
  }

  @Test
  void an_arrival_without_an_execution_id_is_anonymous() {
    ledger.record(new Arrival(null, 0, null, null, false, NOON, "GET", "/ok", Map.of(), ""));

    assertThat(ledger.anonymous()).hasSize(1);
    assertThat(ledger.repeatedExecutions()).isEmpty();
  }

  private void arrives(String job, String execution, int attempt, int lateMillis) {
    ledger.record(
        new Arrival(
            execution,
            attempt,
            job,
            NOON,
            false,
            NOON.plusMillis(lateMillis),
            "POST",
            "/ok",
            Map.of(),
            ""));
  }
}
