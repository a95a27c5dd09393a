package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Zones, schedules and years on which rhythms are held against brute force. */
final class Golden {
  /** With changes of 30 minutes, 1, 2 and 24 hours, at midnight, in both hemispheres, and none. */
  static final List<String> ZONES =
      List.of(
          "UTC",
          "Asia/Kolkata",
          "Europe/Berlin",
          "Europe/London",
          "America/New_York",
          "America/Santiago",
          "America/Sao_Paulo",
          "America/Havana",
          "Africa/Cairo",
          "Africa/Casablanca",
          "Australia/Lord_Howe",
          "Australia/Sydney",
          "Pacific/Apia",
          "Antarctica/Troll",
          "Asia/Tehran",
          "America/St_Johns");

  private static final Predicate<Set<Integer>> FIXED = hours -> false;
  private static final Predicate<Set<Integer>> RHYTHM = hours -> true;

  /**
   * @param often whether it fires so often that only the weeks around changes are looked at
   */
  record Case(String name, BruteForce expected, RhythmOf rhythm, boolean often) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface RhythmOf {
    Rhythm in(ZoneId zone, DstPolicy policy);
  }

  /** Made once: each second of a day is put to each text. */
  static final List<Case> CASES = cases();

  private Golden() {}

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String text :
        List.of(
            "0 0 0 * * ?",
            "0 30 0 * * ?",
            "0 30 2 * * ?",
            "0 0 2 * * ?",
            "0 0 3 ? * SUN",
            "0 15 1 ? * MON-FRI",
            "0 30 2,14 * * ?",
            "59 59 23 L * ?",
            "0 45 2 ? * 1L",
            "0 5 2 ? 3,4,10,11 SUN#2",
            "0 30 2 1-7 * ? | 0 30 2 ? * SUN",
            "0 15 0 29,30,31 12 ?")) {
      cases.add(cron(text, FIXED, false));
    }
    for (String text :
        List.of("0 0 */2 * * ?", "0 30 1-3 * * ?", "0 0,30 2 * * ?", "0 0 2/12 * * ?")) {
      cases.add(cron(text, RHYTHM, false));
    }
    for (String text :
        List.of(
            "0 0 * * * ?",
            "0 */30 * * * ?",
            "0 5/15 0-4 * * ?",
            "0 */7 * ? * SAT,SUN",
            "0,20,40 10 2 * * ?",
            "*/10 59 * * * ?")) {
      cases.add(cron(text, RHYTHM, true));
    }
    // Whether a neighbour is named hangs on the hour that changes.
    cases.add(cron("0 30 1,2 * * ?", new NaiveCron("0 30 1,2 * * ?")::repeats, false));
    cases.add(cron("0 0 23,0 * * ?", new NaiveCron("0 0 23,0 * * ?")::repeats, false));
    cases.add(window("00:00", "23:59", Duration.ofMinutes(45), EnumSet.allOf(DayOfWeek.class)));
    cases.add(window("02:10", "02:50", Duration.ofMinutes(20), EnumSet.of(DayOfWeek.SUNDAY)));
    return cases;
  }

  private static Case cron(String text, Predicate<Set<Integer>> repeats, boolean often) {
    BruteForce naive = BruteForce.of(text);
    return new Case(
        text,
        new BruteForce(naive.timesOfDay(), naive.days(), repeats),
        (zone, policy) -> Rhythms.cron(text, zone, policy),
        often);
  }

  private static Case window(String from, String to, Duration every, Set<DayOfWeek> days) {
    LocalTime first = LocalTime.parse(from);
    LocalTime last = LocalTime.parse(to);
    int[] times =
        IntStream.rangeClosed(first.toSecondOfDay(), last.toSecondOfDay())
            .filter(second -> (second - first.toSecondOfDay()) % every.toSeconds() == 0)
            .toArray();
    return new Case(
        from + "-" + to + " " + every,
        new BruteForce(times, day -> days.contains(day.getDayOfWeek()), RHYTHM),
        (zone, policy) -> Rhythms.window(first, last, every, days, zone, policy),
        false);
  }

  /** Each change of a zone in some years; of a zone without any, two days of each year. */
  static Set<LocalDate> changes(ZoneId zone, int firstYear, int lastYear) {
    Set<LocalDate> found = new TreeSet<>();
    Instant from = LocalDate.of(firstYear, 1, 10).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant until = LocalDate.of(lastYear + 1, 1, 10).atStartOfDay().toInstant(ZoneOffset.UTC);
    ZoneOffsetTransition change = zone.getRules().nextTransition(from);
    while (change != null && change.getInstant().isBefore(until)) {
      found.add(change.getDateTimeBefore().toLocalDate());
      change = zone.getRules().nextTransition(change.getInstant());
    }
    for (int year = firstYear; year <= lastYear && found.isEmpty(); year++) {
      found.add(LocalDate.of(year, 3, 29));
      found.add(LocalDate.of(year, 12, 31));
    }
    return found;
  }

  /** From the start of one day to that of another, neither of which is touched by a change. */
  static int compare(Case one, ZoneId zone, DstPolicy policy, LocalDate from, LocalDate until) {
    Rhythm rhythm = one.rhythm().in(zone, policy);
    Instant end = until.atStartOfDay(zone).toInstant();
    List<Tick> actual = new ArrayList<>();
    Optional<Tick> tick = rhythm.next(from.atStartOfDay(zone).toInstant().minusNanos(1));
    while (tick.isPresent() && tick.get().at().isBefore(end)) {
      actual.add(tick.get());
      tick = rhythm.next(tick.get().at());
    }
    assertThat(actual)
        .as("%s in %s with %s from %s", one, zone, policy, from)
        .isEqualTo(one.expected().ticks(zone, policy, from, until));
    return actual.size();
  }
}
