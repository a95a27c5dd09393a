package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.JobId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.TimeZone;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannedJobTest {
  private static final Instant FIRST = Instant.parse("2027-01-01T00:00:00Z");

  /** Whatever reads the row by Quartz's own code goes by {@link TimeZone}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "+05:30",
        "-00:30",
        "+18:00",
        "Z",
        "UTC",
        "GMT+02:00",
        "Asia/Kolkata",
        "Etc/GMT+5"
      })
  void the_zone_of_a_cron_trigger_is_stored_as_quartz_and_we_read_it(String id) {
    ZoneId zone = ZoneId.of(id);
    PlannedJob planned =
        new PlannedJob(
            JobId.of("a"),
            "default",
            5,
            "",
            new byte[0],
            new PlannedJob.Plan(
                FIRST, FIRST, null, null, false, new PlannedJob.Rhythm.Cron("0 0 8 * * ?", zone)));

    TriggerRow.Cron stored = (TriggerRow.Cron) planned.trigger().orElseThrow().kind();

    int offset = zone.getRules().getOffset(FIRST).getTotalSeconds();
    assertThat(TimeZone.getTimeZone(stored.zone()).getOffset(FIRST.toEpochMilli()))
        .isEqualTo(offset * 1_000);
    assertThat(ZoneId.of(stored.zone()).getRules().getOffset(FIRST).getTotalSeconds())
        .isEqualTo(offset);
  }
}
