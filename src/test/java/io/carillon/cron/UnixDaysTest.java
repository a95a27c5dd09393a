package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Unix text that restricts both day fields fires when either matches. */
class UnixDaysTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          0 12 15 * MON       ! 0 0 12 15 * ? | 0 0 12 ? * MON
          0 12 15 * 1-5       ! 0 0 12 15 * ? | 0 0 12 ? * MON-FRI
          0 12 15,L 6 5#2     ! 0 0 12 15,L 6 ? | 0 0 12 ? 6 FRI#2
          0 12 30 2 MON       ! 0 0 12 ? 2 MON
          0 12 * * MON        ! 0 0 12 ? * MON
          0 12 15 * *         ! 0 0 12 15 * ?
          0 12 15 * ?         ! 0 0 12 15 * ?
          """)
  void both_days_make_two_texts_where_one_is_not_enough(String text, String normalized) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    assertThat(valid.normalized()).isEqualTo(normalized);
    assertThat(valid.dialect()).isEqualTo(CronReader.UNIX);
  }

  @Test
  void it_says_so() {
    assertThat(warnings("0 12 15 * MON")).singleElement().asString().contains("either");
    assertThat(warnings("0 12 30 2 MON")).hasSize(2).last().asString().contains("day of the month");
    assertThat(warnings("0 12 */2 * MON")).last().asString().contains("'*/2'", "both");
    assertThat(warnings("0 12 15 * *")).isEmpty();
  }

  @Test
  void each_day_of_years_is_met_once_if_either_field_means_it() {
    String text = ((Reading.Valid) CronReader.read("0 12 1-7 * 1", null)).normalized();
    Rhythm rhythm = Rhythms.cron(text, ZoneOffset.UTC, DstPolicy.BY_RHYTHM);
    LocalDate first = LocalDate.of(2026, 1, 1);
    List<Instant> expected = new ArrayList<>();
    first
        .datesUntil(first.plusYears(3))
        .filter(day -> day.getDayOfMonth() <= 7 || day.getDayOfWeek().getValue() == 1)
        .forEach(day -> expected.add(day.atTime(12, 0).toInstant(ZoneOffset.UTC)));
    List<Instant> actual = new ArrayList<>();
    Instant at = first.atStartOfDay().toInstant(ZoneOffset.UTC);
    while (actual.size() < expected.size()) {
      at = rhythm.next(at).orElseThrow().at();
      actual.add(at);
    }
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void a_union_that_never_fires_is_refused() {
    assertThat(CronReader.read("0 12 30 2 5#6", null)).isInstanceOf(Reading.Invalid.class);
    assertThat(((Reading.Invalid) CronReader.read("0 0 12 15 * MON", null)).code())
        .isEqualTo("cron_day_of_week");
  }

  private static List<String> warnings(String text) {
    return ((Reading.Valid) CronReader.read(text, null)).warnings();
  }
}
