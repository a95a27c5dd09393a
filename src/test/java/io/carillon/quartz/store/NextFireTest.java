package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.job.JobId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextFireTest {
  private static final Instant FIRED = Instant.parse("2027-01-01T12:00:00Z");

  /** Callers of Quartz's interface store what {@link java.util.TimeZone} calls its zones. */
  @ParameterizedTest
  @CsvSource({
    "UTC, 2027-01-02T08:00:00Z",
    "GMT+05:30, 2027-01-02T02:30:00Z",
    "Europe/Berlin, 2027-01-02T07:00:00Z",
    "EST, 2027-01-01T13:00:00Z",
    "JST, 2027-01-01T23:00:00Z"
  })
  void a_cron_trigger_fires_in_the_zone_its_row_names(String zone, Instant next)
      throws NextFire.Unreadable {
    assertThat(new NextFire().afterFiring(row(zone)).nextFireTime()).isEqualTo(next.toEpochMilli());
  }

  @Test
  void an_unknown_zone_is_not_read_as_gmt() {
    assertThatThrownBy(() -> new NextFire().check(row("Europe/Amsterdan")))
        .isInstanceOf(NextFire.Unreadable.class);
  }

  private static TriggerRow row(String zone) {
    return new TriggerRow(
        new TriggerName("a", "default"),
        JobId.of("a"),
        TriggerRow.WAITING,
        null,
        5,
        FIRED.toEpochMilli(),
        -1,
        FIRED.toEpochMilli(),
        0,
        new TriggerRow.Cron("0 0 8 * * ?", zone));
  }
}
