package io.carillon.cron;

import io.carillon.cron.DstPolicy.Gap;
import io.carillon.cron.DstPolicy.Overlap;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants of local times in a zone, by the rules of {@code java.time}. It goes from one clock
 * change to the next, straight to the one before the next local time. What a change does is written
 * down in decision 23.
 */
final class ZonedRhythm implements Rhythm {
  private static final long DAY = 86_400;

  /** More than a gap and two offsets together. */
  private static final long MARGIN = 4 * DAY;

  /** A guard against walking on the spot; three or four are what it takes. */
  private static final int MOST_SEGMENTS = 100;

  private static final long FIRST_SECOND =
      LocalDateTime.of(1900, 1, 2, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private static final long LAST_SECOND =
      LocalDateTime.of(9898, 12, 31, 0, 0).toEpochSecond(ZoneOffset.UTC);

  private final LocalPattern pattern;
  private final ZoneRules rules;
  private final DstPolicy policy;

  ZonedRhythm(LocalPattern pattern, ZoneId zone, DstPolicy policy) {
    this.pattern = pattern;
    this.rules = zone.getRules();
    this.policy = policy;
  }

  @Override
  public Optional<Tick> next(Instant after) {
    long second = after.getEpochSecond();
    return second < FIRST_SECOND || second > LAST_SECOND
        ? Optional.empty()
        : Optional.ofNullable(new Walk(second + 1).run());
  }

  private Overlap overlap(long local, long length) {
    return policy.overlap() != null
        ? policy.overlap()
        : pattern.repeats(local, length) ? Overlap.BOTH : Overlap.FIRST;
  }

  /** One search. */
  private final class Walk {
    /** The earliest instant that counts. */
    private long from;

    /** The first local time at or after {@link #asked}. */
    private long match = Long.MIN_VALUE;

    private long asked = Long.MIN_VALUE;

    Walk(long from) {
      this.from = from;
    }

    @Nullable Tick run() {
      for (int n = 0; n < MOST_SEGMENTS; n++) {
        Segment segment = Segment.at(rules, from);
        Tick own = own(segment);
        Tick moved = moved(segment);
        if (own != null && (moved == null || !moved.at().isBefore(own.at()))) {
          return own;
        }
        if (moved != null) {
          return moved;
        }
        if (segment.end() == Long.MAX_VALUE) {
          return null;
        }
        if (segment.end() - from <= DAY) {
          from = segment.end(); // local times before now may come again
        } else if (match == LocalPattern.NEVER) {
          return null;
        } else {
          from = Math.max(segment.end(), match - MARGIN);
        }
      }
      return null;
    }

    private long match(long local) {
      if (local < asked || local > match) {
        asked = local;
        match = pattern.next(local - 1);
      }
      return match;
    }

    /** The first local time that the clocks of the segment show. */
    private @Nullable Tick own(Segment segment) {
      long local = from + segment.offset();
      long again = segment.followsOverlap() ? segment.start() + segment.before() : Long.MIN_VALUE;
      if (local < again
          && overlap(segment.start() + segment.offset(), segment.before() - segment.offset())
              == Overlap.FIRST) {
        local = again;
      }
      long found = match(local);
      if (found == LocalPattern.NEVER || found - segment.offset() >= segment.end()) {
        return null;
      }
      Note note = found < again ? Note.DST_OVERLAP_SECOND : Note.NONE;
      if (segment.endsInOverlap() && found >= segment.end() + segment.after()) {
        if (overlap(segment.end() + segment.after(), segment.offset() - segment.after())
            == Overlap.SECOND) {
          return null;
        }
        note = Note.DST_OVERLAP_FIRST;
      }
      return tick(found - segment.offset(), note);
    }

    /** What the gap before the segment has moved into it. */
    private @Nullable Tick moved(Segment segment) {
      if (!segment.followsGap()) {
        return null;
      }
      long length = segment.offset() - segment.before();
      long gap = segment.start() + segment.before();
      if (from >= segment.start() + length || pattern.next(gap - 1) >= gap + length) {
        return null;
      }
      if (policy.gap() == null && pattern.repeats(gap, length)) {
        boolean goesOn = pattern.next(gap + length - 1) < gap + 2 * length;
        long found = pattern.next(gap + from - segment.start() - 1);
        return goesOn || found >= gap + length ? null : shifted(found - segment.before());
      }
      if (from > segment.start()) {
        return null;
      }
      return policy.gap() == Gap.SKIP
          ? tick(segment.start(), Note.DST_GAP_SKIPPED)
          : shifted(segment.start());
    }

    private static Tick shifted(long second) {
      return tick(second, Note.DST_GAP_SHIFTED);
    }

    private static Tick tick(long second, Note note) {
      return new Tick(Instant.ofEpochSecond(second), note);
    }
  }
}
