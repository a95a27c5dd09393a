package io.carillon.cron;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The time between two clock changes of a zone, in which the offset is constant. Seconds since
 * 1970, offsets in seconds. Without a change at an end, that end is that of {@code long}, and the
 * offset beyond it the same.
 *
 * @param start first second
 * @param before offset before it
 * @param offset within it
 * @param end second of the next change
 * @param after offset from then on
 */
record Segment(long start, int before, int offset, long end, int after) {

  static Segment at(ZoneRules rules, long second) {
    Instant at = Instant.ofEpochSecond(second);
    int offset = rules.getOffset(at).getTotalSeconds();
    ZoneOffsetTransition start = rules.previousTransition(at.plusSeconds(1));
    ZoneOffsetTransition end = rules.nextTransition(at);
    return new Segment(
        start == null ? Long.MIN_VALUE : start.toEpochSecond(),
        start == null ? offset : start.getOffsetBefore().getTotalSeconds(),
        offset,
        end == null ? Long.MAX_VALUE : end.toEpochSecond(),
        end == null ? offset : end.getOffsetAfter().getTotalSeconds());
  }

  boolean followsGap() {
    return before < offset;
  }

  boolean followsOverlap() {
    return before > offset;
  }

  boolean endsInOverlap() {
    return after < offset;
  }
}
