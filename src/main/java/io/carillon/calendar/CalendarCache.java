package io.carillon.calendar;

import io.carillon.job.Calendars.Name;
import io.carillon.job.Exclusions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parsed calendars, each of one version; those not asked for the longest go first once their
 * definitions together are longer than 16 Mi characters. Thread-safe.
 */
final class CalendarCache {
  private static final long MOST_CHARACTERS = 16L << 20;

  /** What the smallest calendar counts for, with its keys. */
  private static final int OVERHEAD = 500;

  // Guarded by this.
  private final Map<Name, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long characters;

  private record Entry(long version, Exclusions rules, int weight) {}

  synchronized @Nullable Exclusions get(Name name, long version) {
    Entry entry = entries.get(name);
    return entry == null || entry.version() != version ? null : entry.rules();
  }

  synchronized void put(Name name, long version, Exclusions rules, int length) {
    Entry entry = new Entry(version, rules, length + OVERHEAD);
    Entry old = entries.put(name, entry);
    characters += entry.weight() - (old == null ? 0 : old.weight());
    Iterator<Entry> oldest = entries.values().iterator();
    while (characters > MOST_CHARACTERS && entries.size() > 1) {
      characters -= oldest.next().weight();
      oldest.remove();
    }
  }
}
