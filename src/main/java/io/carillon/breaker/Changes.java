package io.carillon.breaker;

import io.carillon.db.Sql;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breakers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells of changes of state that this process made: a line in the log each, and figures. A change
 * is noted inside the transaction that makes it, which may be rolled back or run twice; so it is
 * told only once the row is seen to have got that far. Bounded; thread-safe.
 */
final class Changes {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final int MOST = 1_000;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Breakers.Meter meter;

  // Guarded by this: by host and version.
  private final Map<String, TreeMap<Long, Change>> noted = new HashMap<>();
  private int size;

  Changes(Breakers.Meter meter) {
    this.meter = meter;
  }

  private record Change(Breaker before, Breaker after, String why, Instant at) {}

  /**
   * @param why in a few words
   */
  synchronized void note(Breaker before, Breaker after, String why, Instant now) {
    Change change = new Change(before, after, why, now);
    TreeMap<Long, Change> ofHost = noted.computeIfAbsent(after.host(), host -> new TreeMap<>());
    if (ofHost.containsKey(after.version()) || size < MOST) {
      size += ofHost.put(after.version(), change) == null ? 1 : 0;
    }
  }

  /** Whether there is anything that was not told yet. */
  synchronized boolean isAnyNoted() {
    return size > 0;
  }

  private synchronized Set<String> hosts() {
    return new LinkedHashSet<>(noted.keySet());
  }

  /** Tells what has been committed meanwhile. One statement if anything was noted. */
  void tell(Connection connection, Instant now) throws SQLException {
    Set<String> hosts = hosts();
    if (hosts.isEmpty()) {
      return;
    }
    Map<String, Long> versions = new HashMap<>();
    Sql.query(
        connection,
        "SELECT host, version FROM breaker WHERE host IN (%s)".formatted(Sql.places(hosts.size())),
        row -> versions.put(row.getString(1), row.getLong(2)),
        hosts);
    take(versions, now).forEach(this::tell);
  }

  private synchronized List<Change> take(Map<String, Long> versions, Instant now) {
    List<Change> told = new ArrayList<>();
    noted.forEach(
        (host, changes) -> {
          Map<Long, Change> made = changes.headMap(versions.getOrDefault(host, 0L), true);
          told.addAll(made.values());
          made.clear();
          changes.values().removeIf(change -> change.at().plus(LONGEST).isBefore(now));
        });
    noted.values().removeIf(Map::isEmpty);
    size = noted.values().stream().mapToInt(Map::size).sum();
    return told;
  }

  private void tell(Change change) {
    Breaker after = change.after();
    if (after.force() != change.before().force()) {
      LOG.warn(
          "the breaker of host {} is set to {}: it is {}",
          after.host(),
          after.force(),
          after.state());
    } else {
      switch (after.state()) {
        case OPEN ->
            LOG.atLevel(change.before().shut() ? Level.INFO : Level.WARN)
                .log("the breaker of host {} is open: {}", after.host(), change.why());
        case HALF_OPEN ->
            LOG.info("the breaker of host {} is half open: {}", after.host(), change.why());
        case CLOSED -> LOG.info("the breaker of host {} is closed: {}", after.host(), change.why());
      }
    }
    if (after.shut() && !change.before().shut() && after.force() != Force.OPEN) {
      meter.breakerOpened();
    }
  }
}
