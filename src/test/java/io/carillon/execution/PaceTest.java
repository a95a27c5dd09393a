package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.QueueSettings.Rate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long NOW = 1_000_000_000;

  @Test
  void without_bursts_starts_are_an_interval_apart() {
    Pace pace = Pace.of(new Rate(50, Duration.ofSeconds(1), 1));

    long first = pace.earliest(0, NOW);
    long second = pace.earliest(pace.after(0, first), NOW);

    assertThat(first).isEqualTo(NOW);
    assertThat(second).isEqualTo(NOW + 20_000);
  }

  @Test
  void after_a_rest_a_burst_may_start_at_once_and_no_more() {
    Pace pace = Pace.of(new Rate(2, Duration.ofSeconds(1), 3));
    assertThat(pace.until(0, NOW, NOW, 10)).isEqualTo(3);
    assertThat(pace.until(0, NOW, NOW + 500_000, 10)).isEqualTo(4);
  }

  @Test
  void what_was_not_used_long_ago_is_not_saved() {
    Pace pace = Pace.of(new Rate(50, Duration.ofSeconds(1), 1));
    assertThat(pace.until(NOW - 60_000_000, NOW, NOW + 100_000, 100)).isEqualTo(6);
  }

  @Test
  void of_ten_places_seven_are_for_high_two_for_normal_and_one_for_low() {
    List<List<String>> plenty = List.of(repeated("high"), repeated("normal"), repeated("low"));
    List<String> ten = Turns.take(plenty, 3, 10);
    assertThat(ten).filteredOn("high"::equals).hasSize(7);
    assertThat(ten).filteredOn("normal"::equals).hasSize(2);
    assertThat(ten).filteredOn("low"::equals).hasSize(1);
  }

  @Test
  void places_that_a_class_has_no_use_for_go_to_the_highest_that_has() {
    List<List<String>> classes = List.of(List.of("high"), List.of(), repeated("low"));
    assertThat(Turns.take(classes, 0, 3)).containsExactly("high", "low", "low");
    assertThat(Turns.take(List.of(List.of(), List.of(), List.of()), 0, 3)).isEmpty();
  }

  private static List<String> repeated(String text) {
    return Collections.nCopies(20, text);
  }
}
