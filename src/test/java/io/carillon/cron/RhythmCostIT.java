package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What 10 and 1,000 next instants of rare and of frequent texts take; logged, not judged. */
@Tag("golden")
class RhythmCostIT {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final int TIMES = 300;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* * * * * ?",
        "0 30 2 * * ?",
        "0 0 0 29 2 ?",
        "0 0 0 29 2 ? 2096-2299/4",
        "0 0 0 L-30 * ?",
        "0 0 12 ? 2 SUN#5",
        "0 30 2 ? 3 SUNL",
        "59 59 23 L-28W 2 ?",
        "0 0 0 29 2 ? | 0 0 0 ? 2 SUN#5"
      })
  void what_a_preview_costs(String text) {
    ZoneId zone = ZoneId.of("Africa/Casablanca");
    LoggerFactory.getLogger(RhythmCostIT.class)
        .info("{} of 10: {} of 1000: {}", text, cost(text, zone, 10), cost(text, zone, 1_000));
  }

  private static String cost(String text, ZoneId zone, int count) {
    long[] nanos = new long[TIMES];
    long[] busy = new long[TIMES];
    int found = 0;
    for (int n = 0; n < TIMES; n++) {
      long begin = System.nanoTime();
      long beginBusy = THREADS.getCurrentThreadCpuTime();
      Rhythm rhythm = Rhythms.cron(text, zone, DstPolicy.BY_RHYTHM);
      List<Tick> ticks = new ArrayList<>();
      Optional<Tick> tick = rhythm.next(NOW);
      while (tick.isPresent() && ticks.size() < count) {
        ticks.add(tick.get());
        tick = rhythm.next(tick.get().at());
      }
      busy[n] = THREADS.getCurrentThreadCpuTime() - beginBusy;
      nanos[n] = System.nanoTime() - begin;
      found = ticks.size();
    }
    assertThat(found).isPositive();
    return "found=%d %s ofWhichBusy: %s".formatted(found, figures(nanos), figures(busy));
  }

  private static String figures(long[] nanos) {
    Arrays.sort(nanos);
    return "p50Micros=%d p99Micros=%d"
        .formatted(nanos[TIMES / 2] / 1_000, nanos[TIMES * 99 / 100] / 1_000);
  }
}
