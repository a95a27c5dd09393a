package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The days around clock changes; the whole years are in {@link ClockChangesIT}. */
class ClockChangesTest {

  static List<String> zones() {
    return Golden.ZONES;
  }

  @ParameterizedTest
  @MethodSource("zones")
  void around_each_change_a_schedule_runs_as_the_rules_say(String id) {
    ZoneId zone = ZoneId.of(id);
    int compared = 0;
    for (Golden.Case one : Golden.CASES) {
      for (LocalDate change : Golden.changes(zone, 2011, 2014)) {
        compared +=
            Golden.compare(one, zone, DstPolicy.BY_RHYTHM, change.minusDays(2), change.plusDays(3));
      }
    }
    assertThat(compared).isPositive();
  }

  @Test
  void what_a_policy_names_wins_over_the_rhythm() {
    List<DstPolicy> policies = new ArrayList<>();
    List<DstPolicy.Gap> gaps = new ArrayList<>(Arrays.asList(DstPolicy.Gap.values()));
    gaps.add(null);
    for (DstPolicy.Gap gap : gaps) {
      policies.add(new DstPolicy(gap, null));
      for (DstPolicy.Overlap overlap : DstPolicy.Overlap.values()) {
        policies.add(new DstPolicy(gap, overlap));
      }
    }
    for (String id : List.of("Europe/Berlin", "America/Havana", "Australia/Lord_Howe")) {
      ZoneId zone = ZoneId.of(id);
      for (Golden.Case one : Golden.CASES) {
        for (LocalDate change : Golden.changes(zone, 2026, 2026)) {
          for (DstPolicy policy : policies) {
            Golden.compare(one, zone, policy, change.minusDays(1), change.plusDays(2));
          }
        }
      }
    }
  }
}
