package io.carillon.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decision 23 by brute force: every local time of every day is put to {@code java.time}, which says
 * whether it exists once, twice or never on that day.
 *
 * @param timesOfDay the seconds of a day on which it fires
 * @param days on which it fires
 * @param repeats whether it is a rhythm at a change that touches these hours
 */
record BruteForce(int[] timesOfDay, Predicate<LocalDate> days, Predicate<Set<Integer>> repeats) {

  static BruteForce of(String normalized) {
    String[] texts = normalized.split(" \\| ");
    NaiveCron first = new NaiveCron(texts[0]);
    NaiveCron last = new NaiveCron(texts[texts.length - 1]);
    return new BruteForce(
        first.timesOfDay(), day -> first.means(day) || last.means(day), first::repeats);
  }

  /** What is planned from the start of one local day to the start of another. */
  List<Tick> ticks(ZoneId zone, DstPolicy policy, LocalDate from, LocalDate until) {
    ZoneRules rules = zone.getRules();
    Map<Instant, Note> planned = new TreeMap<>();
    Map<ZoneOffsetTransition, List<LocalDateTime>> lost = new LinkedHashMap<>();
    from.datesUntil(until)
        .filter(days)
        .forEach(
            day -> {
              for (int second : timesOfDay) {
                LocalDateTime local = day.atStartOfDay().plusSeconds(second);
                List<ZoneOffset> offsets = rules.getValidOffsets(local);
                if (offsets.size() == 1) {
                  planned.put(local.toInstant(offsets.get(0)), Note.NONE);
                } else if (offsets.size() == 2) {
                  twice(local, rules.getTransition(local), policy, planned);
                } else {
                  lost.computeIfAbsent(rules.getTransition(local), key -> new ArrayList<>())
                      .add(local);
                }
              }
            });
    lost.forEach((change, locals) -> never(change, locals, policy, planned));
    List<Tick> ticks = new ArrayList<>();
    planned.forEach((at, note) -> ticks.add(new Tick(at, note)));
    return ticks;
  }

  private void twice(
      LocalDateTime local,
      ZoneOffsetTransition change,
      DstPolicy policy,
      Map<Instant, Note> planned) {
    DstPolicy.Overlap overlap = policy.overlap();
    if (overlap == null) {
      overlap =
          repeats.test(hours(change.getDateTimeAfter(), change))
              ? DstPolicy.Overlap.BOTH
              : DstPolicy.Overlap.FIRST;
    }
    if (overlap != DstPolicy.Overlap.SECOND) {
      planned.put(local.toInstant(change.getOffsetBefore()), Note.DST_OVERLAP_FIRST);
    }
    if (overlap != DstPolicy.Overlap.FIRST) {
      planned.put(local.toInstant(change.getOffsetAfter()), Note.DST_OVERLAP_SECOND);
    }
  }

  private void never(
      ZoneOffsetTransition change,
      List<LocalDateTime> locals,
      DstPolicy policy,
      Map<Instant, Note> planned) {
    DstPolicy.Gap gap = policy.gap();
    if (gap != null || !repeats.test(hours(change.getDateTimeBefore(), change))) {
      planned.putIfAbsent(
          change.getInstant(),
          gap == DstPolicy.Gap.SKIP ? Note.DST_GAP_SKIPPED : Note.DST_GAP_SHIFTED);
    } else if (!goesOn(change)) {
      for (LocalDateTime local : locals) {
        planned.putIfAbsent(local.toInstant(change.getOffsetBefore()), Note.DST_GAP_SHIFTED);
      }
    }
  }

  /** Whether it fires by itself within the length of the gap after it. */
  private boolean goesOn(ZoneOffsetTransition change) {
    LocalDateTime from = change.getDateTimeAfter();
    LocalDateTime until = from.plus(change.getDuration());
    return from.toLocalDate()
        .datesUntil(until.toLocalDate().plusDays(1))
        .filter(days)
        .anyMatch(
            day -> {
              for (int second : timesOfDay) {
                LocalDateTime local = day.atStartOfDay().plusSeconds(second);
                if (!local.isBefore(from) && local.isBefore(until)) {
                  return true;
                }
              }
              return false;
            });
  }

  private static Set<Integer> hours(LocalDateTime from, ZoneOffsetTransition change) {
    Set<Integer> hours = new HashSet<>();
    for (long second = 0; second < change.getDuration().abs().toSeconds(); second += 60) {
      hours.add(from.plusSeconds(second).getHour());
    }
    return hours;
  }
}
