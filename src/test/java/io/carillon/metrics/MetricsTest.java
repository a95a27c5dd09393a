package io.carillon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Breaker;
import io.carillon.execution.ExecutionState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void what_the_engine_tells_is_in_the_text() {
    try (Metrics metrics = new Metrics()) {
      metrics.finished(ExecutionState.FAILED);
      metrics.lateness(Duration.ofMillis(40));
      metrics.attempt("TIMEOUT", Duration.ofSeconds(1));
      metrics.attempt(null, Duration.ofMillis(5));
      metrics.fired(7);
      metrics.duplicatesDropped(2);
      metrics.staleCompletions(3);
      metrics.slowPath(4);
      metrics.leaseAge(() -> 1.5);
      metrics.inFlight(() -> 9);
      assertThat(metrics.text())
          .contains(
              "carillon_executions_finished_total{state=\"FAILED\"} 1.0",
              "carillon_lateness_seconds_bucket{le=\"0.05\"} 1",
              "carillon_attempts_seconds_count{result=\"TIMEOUT\"} 1",
              "carillon_attempts_seconds_count{result=\"OK\"} 1",
              "carillon_fired_batch_sum 7.0",
              "carillon_duplicates_dropped_total 2.0",
              "carillon_completions_stale_total 3.0",
              "carillon_store_slow_total 4.0",
              "carillon_lease_age_seconds 1.5",
              "carillon_calls_running 9.0");
    }
  }

  @Test
  void the_number_of_dead_letters_is_in_the_text() {
    try (Metrics metrics = new Metrics()) {
      metrics.deadLetters(() -> 12);
      assertThat(metrics.text()).contains("carillon_dead_letters 12.0");
    }
  }

  @Test
  void what_breakers_tell_is_in_the_text() {
    try (Metrics metrics = new Metrics()) {
      metrics.breakers(Breaker.State.OPEN, () -> 2);
      metrics.breakerOpened();
      metrics.attemptHeld();
      assertThat(metrics.text())
          .contains(
              "carillon_breakers{state=\"OPEN\"} 2.0",
              "carillon_breaker_openings_total 1.0",
              "carillon_breaker_held_total 1.0");
    }
  }

  @Test
  void what_waits_and_what_was_told_is_in_the_text() {
    try (Metrics metrics = new Metrics()) {
      metrics.heldNow("CIRCUIT_OPEN", () -> 12);
      metrics.callbackFinished(ExecutionState.FAILED);
      assertThat(metrics.text())
          .contains(
              "carillon_held{reason=\"CIRCUIT_OPEN\"} 12.0",
              "carillon_callbacks_finished_total{state=\"FAILED\"} 1.0");
    }
  }
}
