package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.CronReader;
import io.carillon.cron.DstPolicy;
import io.carillon.cron.Reading;
import io.carillon.job.Exclusions;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a preview costs, by the processor's clock, so that a busy machine does not spoil it. */
class PreviewSpeedTest {
  private static final Instant FROM = Instant.parse("2027-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* * * * * ?",
        "0 0 29 2 1",
        "0 0 0 29 2 ?",
        "0 0 0 29 2 ? 2028",
        "59 59 23 LW 2 ?",
        "0 30 1 ? 3 SUN#5",
        "0 30 2 L-3 * ?"
      })
  void ten_instants_take_milliseconds_and_a_thousand_a_little_more(String text) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    Schedule.Cron cron =
        new Schedule.Cron(
            text,
            valid.normalized(),
            valid.dialect(),
            ZoneId.of("Africa/Casablanca"),
            new DstPolicy(DstPolicy.Gap.RUN_AFTER, DstPolicy.Overlap.BOTH),
            Limits.NONE);

    assertThat(highest(cron, 10, 200)).isLessThan(Duration.ofMillis(20));
    assertThat(highest(cron, 1_000, 10)).isLessThan(Duration.ofMillis(150));
  }

  /** The longest but one in a hundred, after some to warm up. */
  private static Duration highest(Schedule schedule, int count, int times) {
    long[] took = new long[times];
    for (int i = -times; i < times; i++) {
      long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      new Preview(schedule, Exclusions.NONE, FROM).next(count, true);
      took[Math.max(0, i)] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
    }
    Arrays.sort(took);
    return Duration.ofNanos(took[times - 1 - times / 100]);
  }
}
