package io.carillon.breaker;

import io.carillon.breaker.Counted.Ends;
import io.carillon.config.BreakerConfig;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of this process ended lately, by host: kept in memory for all hosts, so that one
 * that fails can be judged with what it answered before. Bounded; while it is full, hosts that are
 * called for the first time are not counted. Thread-safe.
 */
final class HostTallies {
  private static final int MOST_HOSTS = 10_000;

  /** Of one host. */
  private static final long MOST_A_MILLISECOND = 1_000;

  private final BreakerConfig config;
  private final InstantSource clock;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private volatile Instant swept = Instant.EPOCH;

  /**
   * @param clock the database's
   */
  HostTallies(BreakerConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** A call of this process has ended. */
  void count(String host, Verdict verdict) {
    if (verdict == Verdict.NONE) {
      return;
    }
    Instant now = Instant.ofEpochMilli(clock.millis());
    Tally tally = tallies.get(host);
    if (tally == null) {
      if (tallies.size() >= MOST_HOSTS && !sweep(now)) {
        return;
      }
      tally = tallies.computeIfAbsent(host, name -> new Tally(now));
    }
    tally.count(verdict, now, now.minus(config.window()), config.minimumCalls());
  }

  /** What was counted of a host; empty if nothing was, lately. */
  Optional<Counted> of(String host) {
    Tally tally = tallies.get(host);
    return tally == null ? Optional.empty() : tally.counted(clock.instant().minus(config.window()));
  }

  /** Forgets hosts that were not called lately, once a second at most. @return if there is room */
  private boolean sweep(Instant now) {
    if (now.isAfter(swept.plusSeconds(1))) {
      swept = now;
      Instant from = now.minus(config.window());
      tallies.values().removeIf(tally -> tally.counted(from).isEmpty());
    }
    return tallies.size() < MOST_HOSTS;
  }

  /** One host. */
  private static final class Tally {
    // Guarded by this.
    private final TreeMap<Long, Ends> seconds = new TreeMap<>();
    private final Deque<Instant> failures = new ArrayDeque<>();
    private @Nullable Instant lastAnswer;
    private long events;

    /** One that is made anew goes on above where the one before it can have been. */
    Tally(Instant now) {
      this.events = now.toEpochMilli() * MOST_A_MILLISECOND;
    }

    synchronized void count(Verdict verdict, Instant now, Instant from, int most) {
      boolean failed = verdict == Verdict.FAILURE;
      events++;
      seconds.merge(now.getEpochSecond(), new Ends(failed ? 0 : 1, failed ? 1 : 0), Ends::and);
      if (failed) {
        failures.addLast(now);
        if (failures.size() > most) {
          failures.removeFirst();
        }
      } else {
        lastAnswer = now;
        failures.clear();
      }
      forget(from);
    }

    private void forget(Instant from) {
      seconds.headMap(from.getEpochSecond()).clear();
    }

    synchronized Optional<Counted> counted(Instant from) {
      forget(from);
      return seconds.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Counted(events, new TreeMap<>(seconds), lastAnswer, List.copyOf(failures)));
    }
  }
}
