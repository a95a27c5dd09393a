package io.carillon.secret;

import io.carillon.job.JobExceptions.StoreUnavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of secrets, still encrypted, as they were at most 5 s ago: so a call of a target costs no
 * statement, and a change is in force within 5 s. One thread at a time reads a row anew, from 3 s
 * on while the others go on with what is there. While the database does not answer, a row counts
 * for 10 s more (a node without its database begins no call after its lease). That there is no
 * secret is never remembered. Bounded; thread-safe.
 */
final class SecretCache {
  private static final long FRESH = Duration.ofSeconds(3).toNanos();
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final long LONGEST_ALONE = Duration.ofSeconds(15).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST = 1_000;

  private final BiFunction<String, String, Optional<SecretRow>> source;
  private final LongSupplier nanos;
  private final Map<Name, Entry> entries = new ConcurrentHashMap<>();

  private record Name(String namespace, String name) {}

  private record Loaded(SecretRow row, long at) {}

  private static final class Entry {
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Loaded loaded;
  }

  /**
   * @param source reads a row by namespace and name; may throw {@link StoreUnavailable}
   * @param nanos a clock that never goes back
   */
  SecretCache(BiFunction<String, String, Optional<SecretRow>> source, LongSupplier nanos) {
    this.source = source;
    this.nanos = nanos;
  }

  /**
   * @throws StoreUnavailable if it is not known and cannot be read
   */
  Optional<SecretRow> get(String namespace, String name) {
    Name key = new Name(namespace, name);
    Entry entry = entry(key);
    Loaded loaded = entry.loaded;
    long age = loaded == null ? Long.MAX_VALUE : nanos.getAsLong() - loaded.at;
    if (loaded != null && age < FRESH) {
      return Optional.of(loaded.row);
    }
    if (loaded != null && age < LONGEST && entry.reading.isLocked()) {
      return Optional.of(loaded.row);
    }
    return read(key, entry);
  }

  private Entry entry(Name key) {
    Entry entry = entries.get(key);
    if (entry != null) {
      return entry;
    }
    if (entries.size() >= MOST) {
      entries.clear();
    }
    return entries.computeIfAbsent(key, name -> new Entry());
  }

  private Optional<SecretRow> read(Name key, Entry entry) {
    lock(entry);
    try {
      Loaded loaded = entry.loaded;
      long now = nanos.getAsLong();
      if (loaded != null && now - loaded.at < FRESH) {
        return Optional.of(loaded.row);
      }
      try {
        Optional<SecretRow> row = source.apply(key.namespace, key.name);
        entry.loaded = row.map(there -> new Loaded(there, now)).orElse(null);
        return row;
      } catch (StoreUnavailable e) {
        if (loaded != null && now - loaded.at < LONGEST_ALONE) {
          return Optional.of(loaded.row);
        }
        throw e;
      }
    } finally {
      entry.reading.unlock();
    }
  }

  private static void lock(Entry entry) {
    try {
      if (!entry.reading.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new StoreUnavailable("the database does not answer", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted", e);
    }
  }

  /** After a change made here. */
  void forget(String namespace, String name) {
    entries.remove(new Name(namespace, name));
  }
}
