package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breakers.Counts;
import io.carillon.execution.ExecutionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides, in the transaction that records how calls ended, whether breakers change. The row of a
 * host is locked before what this process counted is written and all is added up, so of several
 * nodes that record failures at once the last one sees them all: not one failure more than it takes
 * is let pass. Four statements for any number of hosts, six where one fails for the first time.
 * Thread-safe.
 */
final class Judge {
  /** When a host failed last is written no more often than this. */
  private static final long FAILED_AT_MILLIS = 250;

  private final BreakerConfig config;
  private final Window window;
  private final HostTallies tallies;
  private final String process;
  private final Changes changes;

  Judge(BreakerConfig config, HostTallies tallies, String process, Changes changes) {
    this.config = config;
    this.window = new Window(config);
    this.tallies = tallies;
    this.process = process;
    this.changes = changes;
  }

  /**
   * The end of a call.
   *
   * @param begun by the database's clock
   */
  record End(ExecutionId id, Verdict verdict, Instant begun) {}

  /** Records how calls ended, by host; each has failed, or is not closed as far as is known. */
  void judge(Connection connection, Map<String, List<End>> ends, Instant now) throws SQLException {
    Collection<String> failing = new TreeSet<>();
    ends.forEach(
        (host, ofHost) -> {
          if (ofHost.stream().anyMatch(end -> end.verdict() == Verdict.FAILURE)) {
            failing.add(host);
          }
        });
    Map<String, Breaker> before = lock(connection, ends.keySet(), failing);
    Map<String, Counted> own = new HashMap<>();
    failing.forEach(host -> tallies.of(host).ifPresent(counted -> own.put(host, counted)));
    CountTable.write(connection, process, own, now);
    List<String> doubtful =
        failing.stream()
            .filter(host -> before.containsKey(host) && mayOpen(before.get(host)))
            .toList();
    Map<String, List<Counted>> counted =
        CountTable.read(connection, doubtful, now.minus(config.window()));
    List<Breaker> changed = new ArrayList<>();
    for (Breaker old : before.values()) {
      Breaker next = failing.contains(old.host()) ? failed(old, now) : old;
      if (doubtful.contains(old.host())) {
        next = judgeClosed(next, counted.getOrDefault(old.host(), List.of()), now);
      } else if (next.shut() && next.force() == Force.AUTO) {
        next = judgeOpen(next, ends.getOrDefault(old.host(), List.of()), now);
      }
      if (next != old) {
        changed.add(next);
      }
    }
    BreakerTable.write(connection, changed);
  }

  private static Map<String, Breaker> lock(
      Connection connection, Collection<String> hosts, Collection<String> failing)
      throws SQLException {
    Map<String, Breaker> found = new TreeMap<>(BreakerTable.lock(connection, hosts));
    List<String> missing = failing.stream().filter(host -> !found.containsKey(host)).toList();
    if (!missing.isEmpty()) {
      BreakerTable.prepare(connection, missing);
      found.putAll(BreakerTable.lock(connection, missing));
    }
    return found;
  }

  private boolean mayOpen(Breaker breaker) {
    return config.enabled() && !breaker.shut() && breaker.force() == Force.AUTO;
  }

  private static Breaker failed(Breaker breaker, Instant now) {
    Instant last = breaker.failedAt();
    return last == null || last.plusMillis(FAILED_AT_MILLIS).isBefore(now)
        ? breaker.failed(now)
        : breaker;
  }

  private Breaker judgeClosed(Breaker breaker, Collection<Counted> counted, Instant now) {
    Counts counts = window.counts(counted, breaker.countedFrom(), now);
    if (!window.opens(counts)) {
      return breaker;
    }
    Breaker opened = breaker.opened(now, config.openFor(breaker.inARow()));
    String why =
        "%d of %d calls failed within %d s, the last %d in a row"
            .formatted(
                counts.failures(),
                counts.answers() + counts.failures(),
                config.window().toSeconds(),
                counts.failuresInARow());
    changes.note(breaker, opened, why, now);
    return opened;
  }

  private Breaker judgeOpen(Breaker breaker, List<End> ends, Instant now) {
    for (End end : ends) {
      if (end.verdict() == Verdict.ANSWER && breaker.isProbe(end.id(), end.begun())) {
        Breaker closed = breaker.closed(now);
        changes.note(breaker, closed, "execution " + end.id() + " was answered", now);
        return closed;
      }
    }
    @Nullable End probe =
        ends.stream().filter(end -> end.id().equals(breaker.probe())).findFirst().orElse(null);
    if (probe == null) {
      return breaker;
    }
    boolean failed = probe.verdict() == Verdict.FAILURE;
    Breaker next =
        failed ? breaker.opened(now, config.openFor(breaker.inARow())) : breaker.released(now);
    changes.note(
        breaker,
        next,
        "the probe " + probe.id() + (failed ? " failed as well" : " told nothing of the host"),
        now);
    return next;
  }
}
