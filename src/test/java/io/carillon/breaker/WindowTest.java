package io.carillon.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.breaker.Counted.Ends;
import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breakers.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Window WINDOW = new Window(BreakerConfig.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    // answers, failures, failures in a row, opens
    "0, 9, 9, false",
    "0, 10, 10, true",
    "5, 5, 0, true",
    "6, 5, 0, false",
    "5, 4, 0, false",
    "9, 1, 1, false",
    "4000, 9, 9, false",
    "4000, 10, 10, true",
    "4000, 3999, 1, false",
    "4000, 4000, 1, true",
  })
  void it_opens_by_the_share_of_failures_or_by_failures_in_a_row(
      int answers, int failures, int inARow, boolean opens) {
    assertThat(WINDOW.opens(new Counts(answers, failures, inARow))).isEqualTo(opens);
  }

  @Test
  void what_several_processes_counted_is_added_up() {
    Counted one = counted(null, List.of(ago(300), ago(200)), second(-5, 3, 1), second(-1, 0, 2));
    Counted other = counted(null, List.of(ago(250)), second(-5, 4, 0), second(-1, 0, 1));

    assertThat(counts(one, other)).isEqualTo(new Counts(7, 4, 3));
  }

  @Test
  void an_answer_anywhere_ends_the_row_of_failures() {
    Counted failing = counted(null, List.of(ago(900), ago(400), ago(100)), second(-1, 0, 3));
    Counted answered = counted(ago(500), List.of(), second(-1, 1, 0));

    assertThat(counts(failing, answered)).isEqualTo(new Counts(1, 3, 2));
  }

  @Test
  void a_failure_at_the_very_instant_of_an_answer_counts_if_one_process_saw_both() {
    Counted both = counted(ago(500), List.of(ago(500)), second(-1, 1, 1));
    Counted failing = counted(null, List.of(ago(500)), second(-1, 0, 1));

    assertThat(counts(both).failuresInARow()).isEqualTo(1);
    assertThat(counts(both, failing).failuresInARow()).isEqualTo(1);
  }

  @Test
  void what_lies_before_the_window_does_not_count() {
    Counted old = counted(ago(20_000), List.of(ago(10_500), ago(9_500)), second(-11, 7, 7));

    assertThat(counts(old)).isEqualTo(new Counts(0, 0, 1));
  }

  @Test
  void what_ended_before_the_breaker_was_closed_does_not_count() {
    Counted one =
        counted(null, List.of(ago(3_000), ago(1_000)), second(-3, 0, 5), second(-1, 2, 1));

    Counts counts = WINDOW.counts(List.of(one), ago(2_000), NOW);

    assertThat(counts).isEqualTo(new Counts(2, 1, 1));
  }

  @Test
  void a_count_is_the_same_after_it_was_stored() {
    Counted counted =
        counted(ago(50), List.of(ago(40), ago(30)), second(-2, 11, 0), second(0, 3, 2));
    Counted empty = counted(null, List.of());

    assertThat(Counted.parse(7, counted.text())).isEqualTo(counted);
    assertThat(Counted.parse(7, empty.text())).isEqualTo(empty);
    assertThatThrownBy(() -> Counted.parse(7, "nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_longest_count_fits_its_column() {
    Ends most = new Ends(1_000_000, 1_000_000);
    TreeMap<Long, Ends> seconds = new TreeMap<>();
    for (long i = 0; i <= 61; i++) {
      seconds.put(NOW.getEpochSecond() + i, most);
    }
    List<Instant> failures = Stream.generate(() -> NOW).limit(100).toList();

    assertThat(new Counted(1, seconds, NOW, failures).text().length()).isLessThan(4_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 3", "9, 3"})
  void by_default_a_probe_is_made_every_three_seconds(int inARow, int seconds) {
    assertThat(BreakerConfig.DEFAULT.openFor(inARow)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "1, 10", "2, 20", "3, 30", "50, 30"})
  void where_that_is_wanted_the_time_doubles_up_to_a_bound(int inARow, int seconds) {
    BreakerConfig growing =
        new BreakerConfig(
            true, Duration.ofSeconds(10), 0.5, 10, Duration.ofSeconds(5), Duration.ofSeconds(30));

    assertThat(growing.openFor(inARow)).isEqualTo(Duration.ofSeconds(seconds));
  }

  private static Counts counts(Counted... all) {
    return WINDOW.counts(List.of(all), Instant.EPOCH, NOW);
  }

  private static Instant ago(long millis) {
    return NOW.minusMillis(millis);
  }

  private record Second(long second, Ends ends) {}

  private static Second second(int fromNow, int answers, int failures) {
    return new Second(NOW.getEpochSecond() + fromNow, new Ends(answers, failures));
  }

  private static Counted counted(
      @Nullable Instant answered, List<Instant> failures, Second... seconds) {
    TreeMap<Long, Ends> map = new TreeMap<>();
    Stream.of(seconds).forEach(second -> map.put(second.second(), second.ends()));
    return new Counted(7, map, answered, failures);
  }
}
