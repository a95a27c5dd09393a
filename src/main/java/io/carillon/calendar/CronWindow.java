package io.carillon.calendar;

import io.carillon.cron.CronTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;

/**
 * The local times that a cron text matches. A text for second 0 alone (as every text of five fields
 * is) stands for the whole minute, any other for its seconds. Clock changes play no part: it is the
 * clock on the wall that counts. Immutable, thread-safe; a microsecond or two a call.
 */
final class CronWindow {
  private static final LocalDateTime SOME_DAY = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final CronTimes days;
  private final BitSet hours;
  private final BitSet minutes;
  private final BitSet seconds;
  private final boolean wholeMinutes;

  /**
   * @param normalized as {@link io.carillon.cron.Reading.Valid#normalized()} has it
   */
  CronWindow(String normalized) {
    String[] fields = normalized.split(" ", 4);
    this.days = CronTimes.parse("0 0 0 " + fields[3]);
    this.hours = matches("0 0 " + fields[2] + " * * ?", Duration.ofHours(1), 24);
    this.minutes = matches("0 " + fields[1] + " 0 * * ?", Duration.ofMinutes(1), 60);
    this.seconds = matches(fields[0] + " 0 0 * * ?", Duration.ofSeconds(1), 60);
    this.wholeMinutes = seconds.cardinality() == 1 && seconds.get(0);
  }

  /** Which of a field's values match, found by asking for the matches of one day. */
  private static BitSet matches(String text, Duration unit, int count) {
    CronTimes times = CronTimes.parse(text);
    BitSet found = new BitSet(count);
    Instant begin = SOME_DAY.toInstant(ZoneOffset.UTC);
    Instant end = begin.plus(unit.multipliedBy(count));
    Instant at = begin.minusSeconds(1);
    while (true) {
      Instant next = times.next(at, ZoneOffset.UTC).orElse(end);
      if (!next.isBefore(end)) {
        return found;
      }
      found.set((int) Duration.between(begin, next).dividedBy(unit));
      at = next;
    }
  }

  /** The first local time at or after this one that does not match, or the end of its day. */
  LocalDateTime freeFrom(LocalDateTime at) {
    if (!hours.get(at.getHour())
        || !minutes.get(at.getMinute())
        || !(wholeMinutes || seconds.get(at.getSecond()))
        || !days.meets(at.toLocalDate())) {
      return at;
    }
    if (!wholeMinutes) {
      int second = seconds.nextClearBit(at.getSecond());
      if (second < 60) {
        return at.withSecond(second).withNano(0);
      }
    }
    return afterMinute(at);
  }

  private LocalDateTime afterMinute(LocalDateTime at) {
    if (!wholeMinutes && seconds.cardinality() < 60) {
      return at.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    }
    int hour = at.getHour();
    int minute = minutes.nextClearBit(at.getMinute() + 1);
    while (minute >= 60) {
      hour++;
      if (hour == 24) {
        return at.toLocalDate().plusDays(1).atStartOfDay();
      }
      minute = hours.get(hour) ? minutes.nextClearBit(0) : 0;
    }
    return at.toLocalDate().atTime(hour, minute);
  }
}
