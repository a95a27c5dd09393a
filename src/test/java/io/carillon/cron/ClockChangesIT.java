package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Ten years that are past and ten to come, whole; of what fires often, the weeks of changes. And
 * the changes of all zones, each with a third of the schedules in turn.
 */
@Tag("golden")
class ClockChangesIT {

  static List<String> zones() {
    return Golden.ZONES;
  }

  @ParameterizedTest
  @MethodSource("zones")
  void in_all_years_a_schedule_runs_as_the_rules_say(String id) {
    ZoneId zone = ZoneId.of(id);
    long compared = 0;
    for (Golden.Case one : Golden.CASES) {
      for (int decade : List.of(2011, 2026)) {
        if (one.often()) {
          for (LocalDate change : Golden.changes(zone, decade, decade + 9)) {
            compared += compare(one, zone, change.minusDays(4), change.plusDays(5));
          }
        } else {
          compared +=
              compare(one, zone, LocalDate.of(decade, 1, 2), LocalDate.of(decade + 10, 1, 2));
        }
      }
    }
    LoggerFactory.getLogger(ClockChangesIT.class).info("zone={} instants={}", id, compared);
    assertThat(compared).isGreaterThan(100_000);
  }

  @Test
  void around_each_change_since_1970_schedules_run_as_the_rules_say_in_every_zone_there_is() {
    Set<List<?>> seen = new HashSet<>();
    long compared = 0;
    for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = ZoneId.of(id);
      ZoneRules rules = zone.getRules();
      if (seen.add(List.of(rules, rules.getTransitions(), rules.getTransitionRules()))) {
        int turn = 0;
        for (LocalDate change : Golden.changes(zone, 1970, 2030)) {
          for (int n = 0; n < 8; n++) {
            Golden.Case one = Golden.CASES.get(turn++ % Golden.CASES.size());
            compared += compare(one, zone, change.minusDays(3), change.plusDays(4));
          }
        }
      }
    }
    LoggerFactory.getLogger(ClockChangesIT.class)
        .info("rules={} instants={}", seen.size(), compared);
    assertThat(seen).hasSizeGreaterThan(200);
  }

  private static int compare(Golden.Case one, ZoneId zone, LocalDate from, LocalDate until) {
    return Golden.compare(one, zone, DstPolicy.BY_RHYTHM, from, until);
  }
}
