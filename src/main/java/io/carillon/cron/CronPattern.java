package io.carillon.cron;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The local times of a normalized cron text, or of a union of two that differ in their day fields
 * only.
 */
final class CronPattern implements LocalPattern {
  /** Between the two texts of a union. */
  static final String OR = " | ";

  private static final int HOURS = 24;
  private static final long HOUR = 3_600;

  /** Of the first text; those of another are the same but for its days. */
  private final LocalTimes times;

  private final List<LocalTimes> texts;
  private final BitSet hours;

  /** Of each element of the hour field that stands for more than one hour: which. */
  private final List<BitSet> runs = new ArrayList<>();

  private CronPattern(List<LocalTimes> texts) {
    this.times = texts.get(0);
    this.texts = List.copyOf(texts);
    FieldSet field = times.hours();
    this.hours = field.values();
    for (String element : field.text().split(",")) {
      BitSet run = FieldReader.read(CronField.HOUR, element, false).values();
      if (run.cardinality() > 1) {
        runs.add(run);
      }
    }
  }

  /**
   * @param normalized as {@link Reading.Valid#normalized()} has it
   * @throws IllegalArgumentException if it is not
   */
  static CronPattern parse(String normalized) {
    int or = normalized.indexOf(OR);
    if (or < 0) {
      return new CronPattern(List.of(LocalTimes.parse(normalized)));
    }
    String first = normalized.substring(0, or);
    String second = normalized.substring(or + OR.length());
    if (!withoutDays(first).equals(withoutDays(second))) {
      throw new IllegalArgumentException("not a union of days: " + normalized);
    }
    return new CronPattern(List.of(LocalTimes.parse(first), LocalTimes.parse(second)));
  }

  /** Whether it is one text, whose days Quartz finds as we do. */
  boolean asInQuartz() {
    return texts.size() == 1 && times.days().asInQuartz();
  }

  private static List<String> withoutDays(String text) {
    String[] fields = text.split(" ");
    return fields.length < 6
        ? List.of(text)
        : Stream.of(fields[0], fields[1], fields[2], fields[4]).toList();
  }

  @Override
  public long next(long local) {
    long next = NEVER;
    for (LocalTimes text : texts) {
      next = Math.min(next, text.next(local));
    }
    return next;
  }

  /**
   * It covers an hour of the span and runs more than once in it, or an element of its hour field
   * goes over several hours with one of the span among them, or it names a neighbour of an hour of
   * the span that it covers.
   */
  @Override
  public boolean repeats(long from, long length) {
    BitSet covered = hoursOf(from, length);
    covered.and(hours);
    if (covered.isEmpty()) {
      return false;
    }
    return times.seconds().values().cardinality() > 1
        || times.minutes().values().cardinality() > 1
        || runs.stream().anyMatch(covered::intersects)
        || covered.stream().anyMatch(this::hasNeighbour);
  }

  private boolean hasNeighbour(int hour) {
    return hours.get((hour + 1) % HOURS) || hours.get((hour + HOURS - 1) % HOURS);
  }

  private static BitSet hoursOf(long from, long length) {
    BitSet found = new BitSet(HOURS);
    long first = Math.floorDiv(from, HOUR);
    long last = Math.min(Math.floorDiv(from + length - 1, HOUR), first + HOURS - 1);
    for (long hour = first; hour <= last; hour++) {
      found.set((int) Math.floorMod(hour, (long) HOURS));
    }
    return found;
  }

  /** Whether a time of the day within a set of minutes of the day can match, on whatever day. */
  boolean touches(BitSet minutesOfDay) {
    FieldSet minutes = times.minutes();
    int at = minutesOfDay.nextSetBit(0);
    while (at >= 0) {
      if (hours.get(at / 60) && minutes.values().get(at % 60)) {
        return true;
      }
      at = minutesOfDay.nextSetBit(at + 1);
    }
    return false;
  }
}
