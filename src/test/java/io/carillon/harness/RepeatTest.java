package io.carillon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration ANSWER = Duration.ofMillis(300);

  private final Ledger ledger = new Ledger();

  @Test
  void counts_from_the_kill_that_met_the_call() {
    arrives("run-1", 1, 500);
    arrives("run-1", 2, 5_200);

    assertThat(after(Disturbance.at(NOON.plusMillis(700)), Disturbance.at(NOON.plusMillis(2_000))))
        .containsExactly(Duration.ofMillis(4_500));
  }

  @Test
  void counts_from_the_call_where_it_came_while_the_fault_was_at_work() {
    arrives("run-1", 1, 2_500);
    arrives("run-1", 2, 7_000);

    assertThat(after(new Disturbance(NOON.plusMillis(1_000), NOON.plusMillis(16_000))))
        .containsExactly(Duration.ofMillis(4_500));
  }

  @Test
  void counts_from_the_due_instant_of_what_had_not_arrived_before() {
    arrives("run-1", 3, 9_000);
    // Sent on waking, when the call had been made again.
    arrives("run-1", 1, 9_100);

    assertThat(after(Disturbance.at(NOON))).containsExactly(Duration.ofMillis(9_000));
    assertThat(Repeat.in(ledger, List.of(), ANSWER).get(0).attempts()).isEqualTo(2);
  }

  @Test
  void a_fault_that_was_over_is_not_to_blame() {
    arrives("run-1", 1, 3_000);
    arrives("run-1", 2, 8_000);

    assertThat(after(Disturbance.at(NOON.plusMillis(2_000))))
        .containsExactly(Duration.ofMillis(5_000));
  }

  private List<Duration> after(Disturbance... faults) {
    return Repeat.in(ledger, List.of(faults), ANSWER).stream().map(Repeat::after).toList();
  }

  private void arrives(String execution, int attempt, int lateMillis) {
    ledger.record(
        new Arrival(
            execution,
            attempt,
            "job",
            NOON,
            attempt > 1,
            NOON.plusMillis(lateMillis),
            "POST",
            "/ok",
            Map.of(),
            ""));
  }
}
