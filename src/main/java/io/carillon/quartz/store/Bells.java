package io.carillon.quartz.store;

import io.carillon.execution.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lanes at which this node knows of something to look at, from transactions of its own that are
 * committed. A row that all who run something in a lane had to write would let them wait for each
 * other's commits; so the next to look is told in memory. What is lost with the node, or here,
 * because there are too many, the reconciler finds. Thread-safe.
 */
final class Bells {
  private static final int MOST = 4_096;

  private final Set<Lane> rung = ConcurrentHashMap.newKeySet();

  void ring(Collection<Lane> lanes) {
    if (rung.size() < MOST) {
      rung.addAll(lanes);
    }
  }

  boolean isRung() {
    return !rung.isEmpty();
  }

  /** Takes some; those that could not be looked at are to be rung again. */
  List<Lane> take(int most) {
    List<Lane> taken = new ArrayList<>();
    for (Iterator<Lane> each = rung.iterator(); each.hasNext() && taken.size() < most; ) {
      taken.add(each.next());
      each.remove();
    }
    return taken;
  }
}
