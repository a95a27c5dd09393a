package io.carillon.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The times of the day at which the clocks of a zone have changed since 1970 or will, and whether
 * {@code java.util.TimeZone}, by which Quartz goes, knows the zone as {@code java.time} does: it
 * does not where changes are listed beyond 2037 one by one, nor some ids with an offset. Nodes of
 * one cluster may run on different versions of Java, so what only some know counts as unknown.
 *
 * @param knownToQuartz whether the two agree
 * @param minutesOfDay never changed once made
 */
record ChangedTimes(boolean knownToQuartz, BitSet minutesOfDay) {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("2110-01-01T00:00:00Z");
  private static final int MINUTES = 1_440;

  /** As many zones as there are, and some. */
  private static final int MOST_KEPT = 1_000;

  private static final Map<ZoneId, ChangedTimes> KEPT = new ConcurrentHashMap<>();

  static ChangedTimes of(ZoneId zone) {
    ChangedTimes known = KEPT.get(zone);
    if (known == null) {
      known = find(zone);
      if (!zone.getRules().isFixedOffset() && KEPT.size() < MOST_KEPT) {
        KEPT.put(zone, known);
      }
    }
    return known;
  }

  private static ChangedTimes find(ZoneId zone) {
    TimeZone quartz = TimeZone.getTimeZone(zone);
    ZoneRules rules = zone.getRules();
    BitSet minutes = new BitSet(MINUTES);
    boolean agreed =
        isKnownToAll(zone) && agree(rules, quartz, FIRST) && agree(rules, quartz, LAST);
    ZoneOffsetTransition change = rules.nextTransition(FIRST);
    while (change != null && change.getInstant().isBefore(LAST)) {
      Instant at = change.getInstant();
      agreed &= agree(rules, quartz, at.minusSeconds(1)) && agree(rules, quartz, at);
      mark(minutes, change);
      change = rules.nextTransition(at);
    }
    return new ChangedTimes(agreed, minutes);
  }

  /**
   * Java 17 takes ids as {@code UTC+02:00} and {@code UT+02:00}, and offsets with seconds, for GMT
   * without a word; later versions do not.
   */
  private static boolean isKnownToAll(ZoneId zone) {
    if (!zone.getRules().isFixedOffset()) {
      return true;
    }
    String id = zone.getId();
    boolean prefixed =
        Stream.of("UTC+", "UTC-", "UT+", "UT-").anyMatch(prefix -> id.startsWith(prefix));
    return !prefixed && zone.getRules().getOffset(FIRST).getTotalSeconds() % 60 == 0;
  }

  private static boolean agree(ZoneRules rules, TimeZone quartz, Instant at) {
    return rules.getOffset(at).getTotalSeconds() * 1_000L == quartz.getOffset(at.toEpochMilli());
  }

  private static void mark(BitSet minutes, ZoneOffsetTransition change) {
    LocalDateTime from = change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
    long first = from.toLocalTime().toSecondOfDay();
    long last = first + change.getDuration().abs().toSeconds() - 1;
    for (long minute = first / 60; minute <= last / 60; minute++) {
      minutes.set((int) (minute % MINUTES));
    }
  }
}
