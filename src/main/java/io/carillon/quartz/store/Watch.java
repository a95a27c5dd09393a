package io.carillon.quartz.store;

import io.carillon.quartz.store.NodeRows.Sign;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who has shown no sign of life for a lease, by this node's monotonic clock. A node's own grace is
 * counted from before its renewal, and this from after it was seen, so whoever is judged dead has
 * stopped beginning calls, whatever happens to anybody's clock. What was seen before a gap of the
 * observer's own is forgotten: the others may have been cut off as it was. For the recovery thread
 * only.
 */
final class Watch {
  private final Map<String, Seen> seen = new HashMap<>();

  private long presentSince;
  private long untilDeadNanos = Long.MAX_VALUE;

  private record Seen(long renewedAt, long nanos) {}

  /**
   * Takes note of what the nodes' rows say now.
   *
   * @param present since when the observer has been here without a gap, by the same clock as {@code
   *     nanos}
   * @return the instance names of the dead
   */
  Set<String> dead(Collection<Sign> signs, long nanos, long present) {
    if (present != presentSince) {
      presentSince = present;
      seen.clear();
    }
    return dead(signs, nanos);
  }

  private Set<String> dead(Collection<Sign> signs, long nanos) {
    Set<String> dead = new LinkedHashSet<>();
    Set<String> standing = new LinkedHashSet<>();
    untilDeadNanos = Long.MAX_VALUE;
    for (Sign sign : signs) {
      standing.add(sign.instance());
      Seen last = seen.get(sign.instance());
      if (last == null || last.renewedAt() != sign.renewedAt()) {
        seen.put(sign.instance(), new Seen(sign.renewedAt(), nanos));
      } else if (nanos - last.nanos() >= sign.lease().toNanos()) {
        dead.add(sign.instance());
      } else if (nanos - last.nanos() >= sign.lease().toNanos() / 2) {
        untilDeadNanos = Math.min(untilDeadNanos, sign.lease().toNanos() - (nanos - last.nanos()));
      }
    }
    seen.keySet().retainAll(standing);
    return dead;
  }

  /**
   * How long after the last look the first of those will be dead that were silent for half of their
   * lease by then, which nobody is who is well; very long if nobody is.
   */
  long untilDeadNanos() {
    return untilDeadNanos;
  }

  /** Whether a sign is the one that was noted last. */
  boolean isUnchanged(Sign sign) {
    Seen last = seen.get(sign.instance());
    return last != null && last.renewedAt() == sign.renewedAt();
  }
}
