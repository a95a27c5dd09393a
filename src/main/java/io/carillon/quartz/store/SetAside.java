package io.carillon.quartz.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Triggers whose firing failed for a reason of their own, left out for a minute so that the others
 * fire. Nothing is written: should the reason have lain elsewhere, they go on by themselves.
 * Bounded. For the scheduler thread only.
 */
final class SetAside {
  private static final long LENGTH = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 1000;

  private final Map<TriggerName, Long> until = new HashMap<>();

  void add(Collection<TriggerName> names) {
    long end = System.nanoTime() + LENGTH;
    names.stream().filter(name -> until.size() < MOST).forEach(name -> until.put(name, end));
  }

  /** Those that are still left out. */
  List<TriggerName> names() {
    long now = System.nanoTime();
    until.values().removeIf(end -> end - now < 0);
    return new ArrayList<>(until.keySet());
  }
}
