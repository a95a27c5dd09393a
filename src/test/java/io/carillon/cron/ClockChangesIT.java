package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Ten years that are past and ten to come, whole; of what fires often, the weeks of changes. */
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
    LoggerFactory.getLogger("golden").info("zone={} instants={}", id, compared);
    assertThat(compared).isGreaterThan(100_000);
  }

  private static int compare(Golden.Case one, ZoneId zone, LocalDate from, LocalDate until) {
    return Golden.compare(one, zone, DstPolicy.BY_RHYTHM, from, until);
  }
}
