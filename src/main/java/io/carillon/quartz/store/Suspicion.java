package io.carillon.quartz.store;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What looked ownerless, and since when. Nothing is examined before it has looked so for a while.
 * The oldest come first, so that what cannot be healed keeps nothing else waiting. Bounded. For the
 * reconciler's thread only.
 *
 * @param <T> what is suspected
 */
final class Suspicion<T> {
  private static final int MOST = 10_000;

  private final long age;
  private final Map<T, Long> since = new LinkedHashMap<>();

  Suspicion(Duration age) {
    this.age = age.toNanos();
  }

  /** Takes note of what looks ownerless at an instant of the monotonic clock. */
  void note(Collection<T> suspects, long nanos) {
    suspects.stream()
        .filter(one -> since.size() < MOST)
        .forEach(one -> since.putIfAbsent(one, nanos));
  }

  /** Takes those that are old enough to be examined, at most so many, and forgets them. */
  Set<T> take(int most, long nanos) {
    Set<T> ripe = new LinkedHashSet<>();
    for (Map.Entry<T, Long> one : since.entrySet()) {
      if (ripe.size() == most || nanos - one.getValue() < age) {
        break;
      }
      ripe.add(one.getKey());
    }
    ripe.forEach(since::remove);
    return ripe;
  }
}
