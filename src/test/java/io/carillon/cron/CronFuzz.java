package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.quartz.CronExpression;
import org.slf4j.LoggerFactory;

/**
 * Puts random texts to the reader, in random zones, half of them shortly before a clock change.
 * What it takes must have five next instants that brute force confirms, all of them where that
 * costs little, a sample where it costs much.
 */
final class CronFuzz {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
  private static final int SECONDS = 12 * 365 * 86_400;

  /** Local times and days that brute force may look at for a text that is not in the sample. */
  private static final int CHEAP = 20_000;

  private static final int ONE_IN = 40;

  private final Random random;
  private final FuzzTexts texts;
  private final long[] nanos;

  /** The same in time of this thread's processor, which other processes do not lengthen. */
  private final long[] busy;

  private int valid;
  private int confirmed;
  private int longest;

  CronFuzz(long seed, int count) {
    this.random = new Random(seed);
    this.texts = new FuzzTexts(random);
    this.nanos = new long[count];
    this.busy = new long[count];
  }

  void run() {
    for (int n = 0; n < nanos.length; n++) {
      String text = texts.next();
      longest = Math.max(longest, text.length());
      ZoneId zone = ZoneId.of(Golden.ZONES.get(random.nextInt(Golden.ZONES.size())));
      Instant after = instant(zone);
      long begin = System.nanoTime();
      long beginBusy = THREADS.getCurrentThreadCpuTime();
      Reading reading = CronReader.read(text, null);
      List<Tick> ticks =
          reading instanceof Reading.Valid read ? next(read, zone, after) : List.of();
      busy[n] = THREADS.getCurrentThreadCpuTime() - beginBusy;
      nanos[n] = System.nanoTime() - begin;
      check(text, reading, zone, after, ticks);
    }
    LoggerFactory.getLogger(CronFuzz.class)
        .info(
            "texts={} longest={} valid={} confirmed={} {} ofWhichBusy: {}",
            nanos.length,
            longest,
            valid,
            confirmed,
            figures(nanos),
            figures(busy));
    assertThat(valid).isBetween(nanos.length / 5, nanos.length * 4 / 5);
    assertThat(confirmed).isGreaterThan(valid / 2);
  }

  private static String figures(long[] nanos) {
    Arrays.sort(nanos);
    return "p50Micros=%d p99Micros=%d maxMicros=%d"
        .formatted(
            nanos[nanos.length / 2] / 1_000,
            nanos[nanos.length * 99 / 100] / 1_000,
            nanos[nanos.length - 1] / 1_000);
  }

  private Instant instant(ZoneId zone) {
    Instant at = FIRST.plusSeconds(random.nextInt(SECONDS));
    ZoneOffsetTransition change = zone.getRules().nextTransition(at);
    return change == null || random.nextBoolean()
        ? at
        : change.getInstant().minusSeconds(random.nextInt(100_000));
  }

  private static List<Tick> next(Reading.Valid read, ZoneId zone, Instant after) {
    Rhythm rhythm = Rhythms.cron(read.normalized(), zone, DstPolicy.BY_RHYTHM);
    List<Tick> ticks = new ArrayList<>();
    Optional<Tick> tick = rhythm.next(after);
    while (tick.isPresent() && ticks.size() < 5) {
      ticks.add(tick.get());
      tick = rhythm.next(tick.get().at());
    }
    return ticks;
  }

  private void check(String text, Reading reading, ZoneId zone, Instant after, List<Tick> ticks) {
    if (reading instanceof Reading.Invalid invalid) {
      assertThat(invalid.code()).as(text).startsWith("cron_");
      assertThat(invalid.detail()).as(text).isNotBlank().hasSizeLessThan(400);
    } else if (reading instanceof Reading.Valid read) {
      valid++;
      assertThat(read.description()).as(text).isNotBlank().doesNotContain("?", "*", "#");
      for (String half : read.normalized().split(" \\| ")) {
        assertThat(half).hasSizeLessThanOrEqualTo(CronReader.LONGEST);
        assertThat(CronExpression.isValidExpression(half)).as(half).isTrue();
      }
      confirm(read.normalized(), zone, after, ticks);
    }
  }

  private void confirm(String normalized, ZoneId zone, Instant after, List<Tick> ticks) {
    LocalDate from = after.atZone(zone).toLocalDate().minusDays(1);
    LocalDate until =
        ticks.size() < 5
            ? LocalDate.of(2300, 1, 1)
            : ticks.get(4).at().atZone(ZoneOffset.UTC).toLocalDate().plusDays(3);
    BruteForce force = BruteForce.of(normalized);
    long days = until.toEpochDay() - from.toEpochDay();
    boolean cheap = days + Math.min(days, 10L) * force.timesOfDay().length < CHEAP;
    if (!cheap && random.nextInt(ONE_IN) > 0) {
      return;
    }
    List<Tick> expected =
        force.ticks(zone, DstPolicy.BY_RHYTHM, from, until).stream()
            .filter(tick -> tick.at().isAfter(after))
            .limit(5)
            .toList();
    assertThat(ticks).as("%s in %s after %s", normalized, zone, after).isEqualTo(expected);
    confirmed++;
  }
}
